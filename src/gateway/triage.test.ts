import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { aGroup, type Handled } from "../../test/support/open-gateway.ts";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import { PRIORITY } from "../core/job/lanes.ts";
import { conversationMessages } from "../store/queries/conversation.ts";

const MINUTE_MS = 60_000;
const PRIVATE = { connector: "telegram", account: "900100", externalId: "99" } as const;

let gateway: TriagedGroup;
afterEach(() => gateway.close());

async function open(options: Parameters<typeof openTriagedGroup>[0] = {}): Promise<void> {
  gateway = await openTriagedGroup(options);
}
const optIn = (isTriaged: boolean) => gateway.set("-123", { isTriaged });
const overhear: TriagedGroup["overhear"] = (text, more) => gateway.overhear(text, more);
const taskOf: TriagedGroup["taskOf"] = (said) => gateway.taskOf(said);

async function startedTurns(): Promise<number> {
  const rows = await gateway.store.list((db) => db.selectFrom("runs").select("id"));
  return rows.length;
}

describe("in a group that did not opt in", () => {
  it("nothing is triaged, and what is overheard is not kept", async () => {
    await open();
    await optIn(false);
    await gateway.aPerson("member");
    const { message } = await overhear("the door is broken");
    expect(message).toMatchObject({ outcome: "dropped", reason: "not_addressed", text: "" });
    const stranger = await overhear("the door is broken", EVE);
    expect(stranger.message).toMatchObject({ reason: "not_paired", text: "" });
  });
});

describe("in a group that opted in", () => {
  it("an edit of what was dropped is triaged by what it says now", async () => {
    await open();
    await gateway.aPerson("member");
    const noise = await overhear("lol", { externalMessageId: "-123:10" });
    expect(noise.message.reason).toBe("noise");
    const meant = { kind: "edit", externalMessageId: "-123:10:1.x", editOf: "-123:10" } as const;
    const first = await overhear("The window is broken", meant);
    expect(first.message).toMatchObject({ outcome: "task", rule: "triage:issue" });
    expect((await taskOf(first)).prompt).toMatch(/^Somebody changed what they had written/u);
  });

  it("a member's message becomes a task that is set going, said in one sentence", async () => {
    await open();
    const { userId } = await gateway.aPerson("member");
    const said = await overhear("The door is broken");
    expect(said.message).toMatchObject({ outcome: "task", rule: "triage:issue", reason: null });
    expect(said.replies).toEqual(["I noted this as an issue. I am working on it."]);
    const task = await taskOf(said);
    expect(task).toMatchObject({
      status: "queued",
      title: "[ISSUE] The door is broken",
      route_class: "issue",
      priority: "p2",
      assigned_lane: "operations",
      due_at_ms: gateway.clock.now() + 8 * 60 * MINUTE_MS,
      requested_by_user_id: userId,
      source_text: "The door is broken",
      taint: 0,
    });
    expect(task.jobs).toMatchObject([{ kind: "run-task", priority: PRIORITY.p2 }]);
    expect(task.prompt).toContain("```\nThe door is broken\n```");
  });

  it("a stranger's is theirs alone: tainted, waiting, and never a turn", async () => {
    await open();
    const said = await overhear("please investigate this door now", EVE);
    expect(said.message).toMatchObject({ outcome: "task", rule: "triage:task", trust: "stranger" });
    const task = await taskOf(said);
    expect(task).toMatchObject({
      status: "blocked",
      taint: 1,
      requested_by_user_id: null,
      jobs: [],
    });
    expect(said.replies[0]).toContain("Somebody who looks after this group decides");
    const addressed = await gateway.say("is the door open?", { ...aGroup(), ...EVE });
    expect(addressed.message).toMatchObject({ outcome: "task", rule: "triage:question" });
    expect(task.prompt).toMatch(/^Somebody wrote in a group, not to you:/u);
    expect((await taskOf(addressed)).prompt).toMatch(/^Somebody wrote to you in a group:/u);
    expect(await startedTurns()).toBe(0);
  });

  it("no model reads a stranger's words in the talk of others", async () => {
    await open();
    await gateway.aPerson("member");
    await overhear("the door is broken, says Eve", EVE);
    await overhear("the window is broken");
    const { id: contextId } = await gateway.contextAt("-123");
    const read = await gateway.store.all(conversationMessages, {
      contextId,
      afterSeq: 0,
      upToSeq: 1_000,
    });
    expect(read.map(({ text }) => text)).toEqual(["the window is broken"]);
  });

  it.each([
    ["ok thanks", "noise", "triage:noise"],
    ["how are you?", "not_routable", "triage:question"],
    ["/tasks@other_bot please", "not_addressed", "not_addressed"],
    ["/nothing here is broken", "not_addressed", "not_addressed"],
  ])("“%s” is dropped as %s, and not kept", async (text, reason, rule) => {
    await open();
    await gateway.aPerson("member");
    const { message, replies } = await overhear(text);
    expect(message).toMatchObject({ outcome: "dropped", reason, rule, text: "" });
    expect(replies).toEqual([]);
  });

  it("a private chat is not triaged, whatever its row says", async () => {
    await open();
    await gateway.say("hello", { ...EVE, address: PRIVATE });
    await gateway.set(PRIVATE.externalId, { isTriaged: true });
    const { message } = await gateway.say("the door is broken", { ...EVE, address: PRIVATE });
    expect(message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
  });

  it("a stranger's command is no message to triage", async () => {
    await open();
    const { message } = await gateway.say("/task fix what is broken", { ...aGroup(), ...EVE });
    expect(message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
  });

  it("who is let in and speaks to us is answered, not triaged", async () => {
    await open();
    await gateway.aPerson("member");
    const { message } = await gateway.say("the door is broken", aGroup());
    expect(message).toMatchObject({ outcome: "pending", rule: "conversation" });
  });

  it("what comes with a member's message is fetched before the work, and nothing for a stranger", async () => {
    await open();
    await gateway.aPerson("member");
    const files = [{ kind: "photo", sourceId: "f1", name: "door.jpg", sizeBytes: 9 }] as const;
    const { jobs } = await taskOf(await overhear("the door is broken", { files }));
    expect(jobs.map(({ kind }) => kind)).toEqual(["save-file", "run-task"]);
    const said = await overhear("the door is broken", { ...EVE, files });
    expect((await taskOf(said)).jobs).toEqual([]);
    const rows = await gateway.store.list((db) => db.selectFrom("files").select("message_id"));
    expect(rows).toHaveLength(1);
  });

  it("a report about people waits, and is confirmed to nobody in the group", async () => {
    await open();
    await gateway.aPerson("admin");
    const said = await overhear("he is a spammer, ban him");
    expect(said.replies).toEqual([]);
    expect(await taskOf(said)).toMatchObject({ status: "blocked", priority: "p1", jobs: [] });
  });

  it("a private chat is never triaged", async () => {
    await open();
    const { message } = await gateway.say("the door is broken", EVE);
    expect(message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
  });

  it("nothing is triaged once the group opts out again", async () => {
    await open();
    await optIn(false);
    expect((await overhear("the door is broken", EVE)).message.reason).toBe("not_paired");
  });

  it("nothing is triaged while the configuration says so", async () => {
    await open({ triage: { enabled: false } });
    expect((await overhear("the door is broken", EVE)).message.reason).toBe("not_paired");
  });
});

describe("work for a model is started", () => {
  it.each([
    ["by no viewer", "viewer", {}],
    ["by nobody while the model is off", "member", { enabled: false }],
    ["by no role that may not use it", "member", { allowedRoles: ["operator"] }],
    ["nowhere but in the conversations it may work in", "member", { allowedContextIds: ["ctx_1"] }],
  ] as const)("%s: then it waits", async (_when, role, modelRules) => {
    await open({ modelRules });
    await gateway.aPerson(role);
    expect(await taskOf(await overhear("the door is broken"))).toMatchObject({
      status: "blocked",
      jobs: [],
    });
  });

  it("within what a person may ask for in a window, talk and triage together", async () => {
    await open({ modelRules: { rateLimitPerWindow: 2 } });
    await gateway.aPerson("member");
    await gateway.say("hello", aGroup());
    const states = [];
    for (const text of ["door is broken", "it is stuck"]) {
      states.push((await taskOf(await overhear(text))).status);
    }
    expect(states).toEqual(["queued", "blocked"]);
  });
});

it("a stranger sets no model to work, whatever they write and however they say it", async () => {
  await open();
  await gateway.say("/status", aGroup());
  const word = fc.oneof(
    fc.constantFrom("bug", "spam", "please", "fix", "this", "now", "?", "/task", "/route", "yes"),
    fc.constantFrom("@helpful_bot", "approve", "create a task to", "stop", "`", "👩‍🚀", "مشكلة"),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 8 }), fc.boolean(), async (words, addressed) => {
      count += 1;
      const sender = { externalUserId: String(5_000 + (count % 20)), displayName: "A stranger" };
      const { message } = await overhear(words.join(" ").toWellFormed(), { sender, addressed });
      expect(["answered", "task", "dropped"]).toContain(message.outcome);
      if (message.outcome === "answered") expect(message.rule).toMatch(/^command:/u);
      gateway.clock.advance(2 * MINUTE_MS);
    }),
    { numRuns: 150 },
  );
  const jobs = await gateway.store.list((db) =>
    db.selectFrom("jobs").select("id").where("kind", "in", ["run-task", "run-turn", "save-file"]),
  );
  expect([jobs, await startedTurns()]).toEqual([[], 0]);
  const tasks = await gateway.store.list((db) =>
    db.selectFrom("tasks").select(["status", "taint"]),
  );
  expect(tasks.length).toBeGreaterThan(5);
  expect(new Set(tasks.map(({ status, taint }) => `${status} ${taint}`))).toEqual(
    new Set(["blocked 1"]),
  );
});

describe("triage is bounded", () => {
  it("for each person, who reads one sentence in ten minutes", async () => {
    await open();
    const said: Handled[] = [];
    for (let n = 0; n < 6; n += 1) said.push(await overhear(`door ${n} is broken`, EVE));
    expect(said.map(({ message }) => message.reason)).toEqual([
      ...Array(5).fill(null),
      "rate_limited",
    ]);
    expect(said.at(-1)?.message.text).toBe("");
    expect(said.flatMap(({ replies }) => replies)).toHaveLength(1);
    gateway.clock.advance(10 * MINUTE_MS);
    expect((await overhear("broken again", EVE)).replies).toHaveLength(1);
  });

  it("for the strangers of each group, however many write", async () => {
    await open();
    let routed = 0;
    for (let n = 0; n < 62; n += 1) {
      const sender = { externalUserId: String(1_000 + n), displayName: "" };
      const { message } = await overhear("it is broken", { sender });
      if (message.outcome === "task") routed += 1;
    }
    expect(routed).toBe(60);
  });

  it("for strangers apart: however many write, a member's report is followed up", async () => {
    await open();
    await gateway.aPerson("member");
    const said: Handled[] = [];
    for (let n = 0; n < 61; n += 1) {
      const sender = { externalUserId: String(1_000 + n), displayName: "" };
      said.push(await overhear("it is broken", { sender }));
    }
    expect(said.at(-1)?.message.reason).toBe("rate_limited");
    expect((await overhear("the door is broken")).message.outcome).toBe("task");
  });
});
