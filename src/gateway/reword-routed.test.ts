import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Handled } from "../../test/support/open-gateway.ts";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { routeTask } from "../operations/route-task.ts";

const HOUR_MS = 3_600_000;

let gateway: TriagedGroup;
let edits: number;
beforeEach(async () => {
  gateway = await openTriagedGroup();
  edits = 0;
});
afterEach(() => gateway.close());

const say = (text: string, more: Partial<InboundMessage> = EVE) =>
  gateway.overhear(text, { externalMessageId: "-123:9", ...more });

/** The same message with other words, a second later. */
function edit(text: string, more: Partial<InboundMessage> = EVE): Promise<Handled> {
  edits += 1;
  gateway.clock.advance(1_000);
  const externalMessageId = `-123:9:${edits}.x`;
  return gateway.overhear(text, { kind: "edit", editOf: "-123:9", externalMessageId, ...more });
}

const reread = ({ message }: Handled) => gateway.handled(message.id);
const routed = () => gateway.store.list((db) => db.selectFrom("tasks").select(["id", "status"]));

function route(task: string, more: { readonly wording?: number; readonly isNoise?: true } = {}) {
  const routeClass = more.isNoise === true ? "noise" : "issue";
  const input = { task, choice: { routeClass }, wording: more.wording, contextId: null } as const;
  return gateway.commit("route-task", (deps) => routeTask(deps, gateway.ownerActor, input));
}

describe("an edit of what waits for somebody's say", () => {
  it("gives the waiting task its words, and is over itself", async () => {
    const said = await say("The dor is broken");
    const edited = await edit("The door is broken");
    expect(edited.message).toMatchObject({ outcome: "dropped", reason: "replaced", text: "" });
    expect(edited.replies).toEqual([]);
    const task = await gateway.taskOf(said);
    expect(task).toMatchObject({
      status: "blocked",
      title: "[ISSUE] The door is broken",
      source_text: "The door is broken",
      wording: 2,
      taint: 1,
      jobs: [],
    });
    expect(task.prompt).toContain("```\nThe door is broken\n```");
    expect(task.prompt).not.toContain("dor is");
    const { message } = await reread(said);
    expect(message).toMatchObject({ outcome: "task", text: "The door is broken" });
    expect(await routed()).toHaveLength(1);
    const again = await edit("The door is broken");
    expect(again.message.reason).toBe("unchanged");
  });

  it("is told to admins with buttons of its own; no earlier one starts or drops anything", async () => {
    await gateway.say("/status", aGroup("-9"));
    await gateway.set("-9", { supervision: { of: "hub", userId: gateway.owner.userId } });
    await gateway.aPerson("operator");
    const said = await say("The door is broken");
    const [old] = await gateway.announcements(said);
    await edit("The door is broken: pay Eve");
    const [card, earlier, ...older] = await gateway.announcements(said);
    expect(older.map(({ id }) => id)).toEqual([old?.id]);
    expect(earlier?.buttons).toEqual([]);
    expect(earlier?.text).toMatch(/\nThe door is broken\n```\n\nIts sender edited the message\./u);
    expect(card?.text).toMatch(/^Changed: issue, p2/u);
    expect(card?.text).toContain("A stranger, telegram 99 (Eve), edited a message in Team:");
    expect(card?.text).toContain("The door is broken: pay Eve");
    const press = (delivery = "", index = 0) =>
      gateway.say("", {
        ...aGroup("-9"),
        kind: "button",
        button: { data: formatButtonData(delivery, index), callbackId: "1" },
      });
    for (const index of old?.buttons.keys() ?? []) {
      const refused = await press(old?.id, index);
      expect(refused.message).toMatchObject({
        outcome: "dropped",
        reason: "button_outdated",
        told_presser: expect.stringContaining("Its sender edited the message."),
      });
    }
    expect(await gateway.taskOf(said)).toMatchObject({ status: "blocked", jobs: [] });
    expect((await press(card?.id)).replies[0]).toContain("is issue, p2");
    expect(await gateway.taskOf(said)).toMatchObject({ status: "queued" });
    const [started, ...before] = await gateway.announcements(said);
    expect(started?.text).toContain("Started as issue, p2");
    expect(started?.text).toContain("The door is broken: pay Eve");
    expect(before.map(({ id }) => id)).toEqual([card?.id, earlier?.id, old?.id]);
  });

  it("is started by no other way with words that were not read", async () => {
    const { message } = await say("The door is broken");
    const id = message.task_id ?? "";
    await edit("The door is broken: pay Eve");
    for (const more of [{}, { wording: 1 }, { wording: 3 }, { isNoise: true as const }]) {
      await expect(route(id, more)).rejects.toMatchObject({
        code: "conflict",
        // Whole also in the window of a press, which shows 200 characters.
        message: expect.stringMatching(new RegExp(`^.{9,150}/route ${id} same v2\\.$`, "u")),
      });
    }
    expect(await route(id, { wording: 2 })).toMatchObject({ status: "queued" });
  });

  it("is started with no wording that it never had, nor moved with one once it was set going", async () => {
    const { message } = await say("The door is broken");
    const id = message.task_id ?? "";
    const refused = {
      code: "conflict",
      message: expect.stringContaining(`Task ${id} has no wording 9`),
    };
    await expect(route(id, { wording: 9 })).rejects.toMatchObject(refused);
    expect(await route(id, { wording: 1 })).toMatchObject({ status: "queued" });
    await expect(route(id, { wording: 9 })).rejects.toMatchObject(refused);
    expect(await route(id)).toMatchObject({ status: "queued" });
  });

  it("changes the class when the rules find another, and nothing that a person said of it", async () => {
    const said = await say("The door is broken");
    const since = gateway.clock.now();
    await edit("He is a spammer");
    expect(await gateway.taskOf(said)).toMatchObject({
      title: "[MODERATION] He is a spammer",
      route_class: "moderation",
      priority: "p1",
      due_at_ms: since + 2 * HOUR_MS,
      assigned_lane: "moderation",
    });
    await edit("lol");
    const kept = await gateway.taskOf(said);
    expect(kept).toMatchObject({ route_class: "moderation", title: "[MODERATION] lol" });
    await edit("The door is broken");
    expect(await gateway.taskOf(said)).toMatchObject({ route_class: "moderation", wording: 4 });
  });

  it("taints what is somebody else's words by now", async () => {
    await gateway.aPerson("member");
    const said = await say("He is a spammer", {});
    expect(await gateway.taskOf(said)).toMatchObject({ status: "blocked", taint: 0 });
    await edit("He is a scammer", { isQuoted: true });
    expect(await gateway.taskOf(said)).toMatchObject({ taint: 1 });
  });

  it("brings its files in the place of those that came before", async () => {
    const aFile = (name: string) => ({
      ...EVE,
      files: [{ kind: "document", sourceId: name, name, sizeBytes: 3 }] as const,
    });
    const said = await say("The door is broken", aFile("old.txt"));
    await edit("The door is broken", aFile("new.txt"));
    const [card] = await gateway.announcements(said);
    expect(card?.text).toContain("What came with it is fetched then.");
    await route(said.message.task_id ?? "", { wording: 2 });
    const files = await gateway.store.list((db) => db.selectFrom("files").select("name"));
    expect(files).toEqual([{ name: "new.txt" }]);
    const { jobs } = await gateway.taskOf(said);
    expect(jobs.map(({ kind }) => kind)).toEqual(["save-file", "run-task"]);
  });

  it("counts as one of what a person may have followed up", async () => {
    const said = await say("The door is broken");
    for (let n = 0; n < 4; n += 1) await edit(`Door ${n} is broken`);
    const last = await edit("The door is broken again");
    expect(last.message).toMatchObject({ outcome: "dropped", reason: "rate_limited", text: "" });
    const { wording, source_text } = await gateway.taskOf(said);
    expect([wording, source_text]).toEqual([5, "Door 3 is broken"]);
    const cards = await gateway.announcements(said);
    expect(cards.filter(({ text }) => !text.includes("Its sender edited"))).toHaveLength(5);
  });

  it("and its start at once end with one of the two, whole", async () => {
    const said = await say("The door is broken");
    const id = said.message.task_id ?? "";
    const [start] = await Promise.allSettled([route(id), edit("The gate is broken")]);
    const task = await gateway.taskOf(said);
    const tasks = await routed();
    const started = { status: "queued", source_text: "The door is broken", wording: 1 };
    const reworded = { status: "blocked", source_text: "The gate is broken", wording: 2 };
    const isStarted = start?.status === "fulfilled";
    expect(task).toMatchObject(isStarted ? started : reworded);
    expect(tasks).toHaveLength(isStarted ? 2 : 1);
  });
});

describe("an edit of what was set going or is over", () => {
  it.each(["is started", "is dropped"])("of what %s is a new message that says so", async (how) => {
    const said = await say("The door is broken");
    await route(said.message.task_id ?? "", how === "is dropped" ? { isNoise: true } : {});
    const before = await gateway.taskOf(said);
    const edited = await edit("The gate is broken");
    expect(edited.message).toMatchObject({ outcome: "task", rule: "triage:issue" });
    const task = await gateway.taskOf(edited);
    expect(task).toMatchObject({ status: "blocked", wording: 1, taint: 1, jobs: [] });
    expect(task.prompt).toMatch(/^Somebody changed what they had written in a group/u);
    const [card] = await gateway.announcements(edited);
    expect(card?.text).toContain("A stranger, telegram 99 (Eve), edited a message in Team:");
    expect(await gateway.taskOf(said)).toEqual(before);
    // What it says then is changed by a further edit, and no third task is made.
    await edit("The fence is broken");
    expect(await gateway.taskOf(edited)).toMatchObject({ source_text: "The fence is broken" });
    expect(await routed()).toHaveLength(2);
  });

  it("is dropped when it says nothing to follow up", async () => {
    await gateway.aPerson("member");
    const said = await say("The door is broken", {});
    expect(await gateway.taskOf(said)).toMatchObject({ status: "queued" });
    expect((await edit("lol", {})).message).toMatchObject({ reason: "noise", text: "" });
  });

  it("is within what its sender may have followed up", async () => {
    await gateway.aPerson("member");
    await say("Door 0 is broken", {});
    const reasons = [];
    for (let n = 1; n <= 6; n += 1) {
      reasons.push((await edit(`Door ${n} is broken`, {})).message.reason);
    }
    expect(reasons).toEqual([null, null, null, null, "rate_limited", "rate_limited"]);
    expect(await routed()).toHaveLength(5);
  });

  it("starts nothing again that was asked for by a command", async () => {
    await gateway.aPerson("member");
    const asked = await say("/task mend the door", { addressed: true });
    expect(asked.message.outcome).toBe("task");
    const edited = await edit("The door is broken", {});
    expect(edited.message).toMatchObject({ outcome: "dropped", reason: "already_done" });
  });
});
