import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { contextByAddress } from "../store/queries/contexts.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { runRowById } from "../store/queries/runs.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

describe("what is dropped unread", () => {
  it.each<[string, Partial<InboundMessage>, string]>([
    ["what the connector gave up", { dropReason: "channel_post" }, "channel_post"],
    ["a join notice", { kind: "membership" }, "unsupported"],
    ["something unknown", { kind: "other" }, "unsupported"],
    ["blank text", { text: " \u200b\n\u0000" }, "no_text"],
    ["what no person sent", { sender: undefined }, "no_person"],
  ])("drops %s", async (_what, message, reason) => {
    await gateway.aPerson("overlord");
    const { message: row, replies } = await gateway.say("hello", message);
    expect(row).toMatchObject({ outcome: "dropped", reason, rule: reason });
    expect(replies).toEqual([]);
  });
});

describe("strangers", () => {
  it("read one hint an hour in private, and are dropped as not paired", async () => {
    const first = await gateway.say("let me in");
    expect(first.message).toMatchObject({
      outcome: "dropped",
      reason: "not_paired",
      trust: "stranger",
    });
    expect(first.replies[0]).toContain("/pair");
    expect((await gateway.say("please")).replies).toEqual([]);
    expect((await gateway.say("/status")).message.reason).toBe("not_paired");
    expect((await gateway.say("/task do it")).message.reason).toBe("not_paired");
    gateway.clock.advance(60 * 60_000 - 1);
    expect((await gateway.say("hello?")).replies).toEqual([]);
    gateway.clock.advance(1);
    expect((await gateway.say("hello?")).replies).toHaveLength(1);
  });

  it("read nothing in a group", async () => {
    const { message, replies } = await gateway.say("hello bot", aGroup());
    expect(message.reason).toBe("not_paired");
    expect(replies).toEqual([]);
    expect((await gateway.say("stop", aGroup())).message.reason).toBe("not_paired");
    expect((await gateway.say("/nonsense", aGroup())).message.reason).toBe("not_paired");
  });

  it("see only what they may use in help", async () => {
    const { message, replies } = await gateway.say("/help");
    expect(message).toMatchObject({ outcome: "answered", rule: "command:help" });
    expect(replies[0]).toContain("/pair");
    expect(replies[0]).not.toContain("/task");
  });

  it("are not who they say they are where a key decides who speaks", async () => {
    const address = { connector: "codex", account: "key", externalId: "c" } as const;
    const sender = { externalUserId: "admin-token", displayName: "Owner" };
    const { message } = await gateway.say("/status", { address, sender });
    expect(message).toMatchObject({ trust: "stranger", reason: "not_paired" });
    const api = { ...address, connector: "api" } as const;
    expect((await gateway.say("/status", { address: api, sender })).message.reason).toBe(
      "not_paired",
    );
  });
});

describe("conversation", () => {
  it("starts a turn and stays pending until that ends", async () => {
    const { userId, workspaceId } = await gateway.aPerson("member");
    const { message, replies } = await gateway.say("task is a word that begins prose");
    expect(message).toMatchObject({
      outcome: "pending",
      rule: "conversation",
      settled_at_ms: null,
    });
    expect(replies).toEqual([]);
    const run = await gateway.store.first(runRowById, { id: message.run_id ?? "" });
    expect(run).toMatchObject({ state: "queued", user_id: userId, workspace_id: workspaceId });
    const jobs = await gateway.store.all(jobsOfLane, { lane: `turn:${message.context_id}` });
    expect(jobs).toMatchObject([{ kind: "run-turn", cause: message.id }]);
  });

  it("refuses a viewer with an answer", async () => {
    await gateway.aPerson("viewer");
    const { message, replies } = await gateway.say("hello");
    expect(message).toMatchObject({ outcome: "answered", reason: "access_denied" });
    expect(replies[0]).toContain("viewer");
  });

  it("leaves group talk alone that is not meant for us", async () => {
    await gateway.aPerson("member");
    const chatter = await gateway.say("see you at ten", { ...aGroup(), addressed: false });
    expect(chatter.message).toMatchObject({ outcome: "dropped", reason: "not_addressed" });
    const foreign = await gateway.say("/help@other_bot", aGroup());
    expect(foreign.message).toMatchObject({ outcome: "dropped", reason: "not_addressed" });
    const unknown = await gateway.say("/frobnicate", { ...aGroup(), addressed: false });
    expect(unknown.message.reason).toBe("not_addressed");
    const ours = await gateway.say("/help@helpful_bot", aGroup());
    expect(ours.message.outcome).toBe("answered");
  });

  it("keeps nothing of what was said in a group and not meant for us, and still knows it again", async () => {
    const overheard = { ...aGroup(), addressed: false, externalMessageId: "-123:9" };
    const stranger = await gateway.say("our secret", overheard);
    expect(stranger.message).toMatchObject({ reason: "not_paired", text: "" });
    await gateway.aPerson("member");
    for (const [id, message] of [
      ["-123:10", {}],
      ["-123:11", { kind: "edit" }],
    ] as const) {
      const { message: row } = await gateway.say("our secret", {
        ...overheard,
        externalMessageId: id,
        ...message,
      });
      expect(row).toMatchObject({ outcome: "dropped", text: "" });
    }
    const again = await gateway.receive([gateway.aMessage({ text: "our secret", ...overheard })]);
    expect(again.messages[0]).toMatchObject({ id: stranger.message.id, isRepeated: true });
    const ours = await gateway.say("hello", aGroup());
    expect(ours.message).toMatchObject({ outcome: "pending", text: "hello" });
  });

  it("keeps chats apart whose ids differ in a sign", async () => {
    await gateway.aPerson("member", "123");
    const sender = { externalUserId: "123", displayName: "Ada" };
    const alone = await gateway.say("hello", {
      sender,
      address: { connector: "telegram", account: "900100", externalId: "123" },
    });
    const together = await gateway.say("hello", { sender, ...aGroup("-123") });
    const contexts = [alone, together].map(({ message }) => message.context_id);
    expect(new Set(contexts).size).toBe(2);
    const [a, b] = await Promise.all(
      ["123", "-123"].map((externalId) =>
        gateway.store.first(contextByAddress, {
          connector: "telegram",
          account: "900100",
          externalId,
        }),
      ),
    );
    expect(a?.workspace_id).not.toBe(b?.workspace_id);
  });
});

describe("roles", () => {
  it.each([
    ["viewer", "/status", null],
    ["viewer", "/tasks", null],
    ["viewer", "/task do it", "access_denied"],
    ["viewer", "/cancel", "access_denied"],
    ["viewer", "stop", "access_denied"],
    ["member", "/task do it", null],
    ["member", "/cancel", null],
    ["operator", "/cancel", null],
    ["admin", "/explain", null],
    ["overlord", "/pair", null],
  ] as const)("a %s who sends %s gets %s", async (role, text, reason) => {
    await gateway.aPerson(role);
    await gateway.say("/help");
    const { message, replies } = await gateway.say(text);
    expect(message.reason).toBe(reason);
    expect(["answered", "task"]).toContain(message.outcome);
    expect(replies).toHaveLength(1);
  });
});

describe("limits", () => {
  it("never keep a person from stopping what they set going", async () => {
    const limited = await openGateway({ inboundMaxPerMinute: 2 });
    try {
      await limited.aPerson("member");
      const task = await limited.say("/task water the plants");
      await limited.say("hello");
      for (const text of ["stop", `/cancel ${task.message.task_id}`]) {
        const { message, replies } = await limited.say(text);
        expect(message).toMatchObject({ outcome: "answered", reason: null });
        expect(replies[0]).toMatch(/cancelled/u);
      }
      for (const text of ["stop", "/cancel", `/cancel ${task.message.task_id}`]) {
        const { message, replies } = await limited.say(text);
        expect(message).toMatchObject({ outcome: "dropped", reason: "rate_limited" });
        expect(replies).toEqual([]);
      }
    } finally {
      await limited.close();
    }
  });

  it.each([
    ["/cancel zzzzzz", "viewer", {}],
    ["/cancel zzzzzz", "member", { ...aGroup(), addressed: false }],
    ["stop", "member", {}],
  ] as const)("hold for “%s” of a %s that ends nothing", async (text, role, where) => {
    const limited = await openGateway({ inboundMaxPerMinute: 3 });
    try {
      await limited.aPerson(role);
      let replies = 0;
      for (let n = 0; n < 9; n += 1) replies += (await limited.say(text, where)).replies.length;
      expect(replies).toBe(3);
    } finally {
      await limited.close();
    }
  });

  it("hold for a stranger whatever they write, who has nothing to stop", async () => {
    const limited = await openGateway({ inboundMaxPerMinute: 1 });
    try {
      await limited.say("hello");
      for (const text of ["stop", "/cancel"]) {
        expect((await limited.say(text)).message).toMatchObject({ reason: "rate_limited" });
      }
    } finally {
      await limited.close();
    }
  });

  it("drops what a sender sends above the limit of a minute and says so once", async () => {
    const limited = await openGateway({ inboundMaxPerMinute: 2 });
    try {
      await limited.aPerson("member");
      await limited.say("/help");
      await limited.say("/help");
      const third = await limited.say("/help");
      expect(third.message).toMatchObject({ outcome: "dropped", reason: "rate_limited" });
      expect(third.replies).toHaveLength(1);
      expect((await limited.say("/help")).replies).toEqual([]);
      const other = await limited.say("/help", {
        address: { connector: "telegram", account: "900100", externalId: "8" },
        sender: { externalUserId: "8", displayName: "Bob" },
      });
      expect(other.message.outcome).toBe("answered");
      limited.clock.advance(60_000);
      expect((await limited.say("/help")).message.outcome).toBe("answered");
    } finally {
      await limited.close();
    }
  });

  it("holds when one sender's messages are decided in several chats at once", async () => {
    const limited = await openGateway({ inboundMaxPerMinute: 3 });
    try {
      await limited.aPerson("member");
      const batch = Array.from({ length: 8 }, (_, n) =>
        limited.aMessage({ text: "/help", ...aGroup(`-${n + 1}`) }),
      );
      const { messages } = await limited.receive(batch);
      await limited.work();
      const rows = await Promise.all(messages.map(({ id }) => limited.handled(id)));
      const outcomes = rows.map(({ message }) => message.outcome);
      expect(outcomes.filter((outcome) => outcome === "answered")).toHaveLength(3);
      expect(outcomes.filter((outcome) => outcome === "dropped")).toHaveLength(5);
    } finally {
      await limited.close();
    }
  });
});

describe("failures", () => {
  it("settles a message that cannot be handled as failed, and tells the person and an admin", async () => {
    await gateway.aPerson("member");
    await gateway.aPerson("admin", "9");
    await gateway.say("/help", {
      address: { connector: "telegram", account: "900100", externalId: "9" },
      sender: { externalUserId: "9", displayName: "Admin" },
    });
    const sent = await gateway.receive([gateway.aMessage({ text: "/help" })]);
    const [job] = await gateway.engine.claim("light", 1, gateway.clock.now());
    if (job === undefined) throw new Error("no job");
    await gateway.start({ ...job, interruptions: 26 }).done;
    await gateway.work();
    const { message, replies } = await gateway.handled(sent.messages[0]?.id ?? "");
    expect(message).toMatchObject({ outcome: "failed", reason: "internal" });
    expect(replies).toHaveLength(1);
    const rows = await gateway.store.list((db) =>
      db.selectFrom("deliveries").select("body").where("external_id", "=", "9"),
    );
    expect(rows.some(({ body }) => body.includes(message.id))).toBe(true);
  });
});
