import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { editMessages, outcomeOf } from "../../test/support/edit-messages.ts";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { loadConversation, toModelMessage } from "../agent/memory/load-conversation.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { explainMessage } from "../operations/explain-message.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { runRowById } from "../store/queries/runs.ts";
import { formatExplanation } from "./format-explanation.ts";

let gateway: Gateway;
let say: ReturnType<typeof editMessages>;
beforeEach(async () => {
  gateway = await openGateway();
  say = editMessages(gateway);
});
afterEach(() => gateway.close());

describe("the edit of a message that waits for its answer", () => {
  it("changes what is answered, once, in the same place", async () => {
    await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hw r u"));
    const [edit] = await say.receive(say.anEdit(1, "How are you?"));
    expect(outcomeOf(edit)).toBe("dropped(replaced)");
    const now = await gateway.handled(message?.message.id ?? "");
    expect(now.message).toMatchObject({
      outcome: "pending",
      text: "How are you?",
      run_id: message?.message.run_id,
    });
    const jobs = await gateway.store.all(jobsOfLane, { lane: `turn:${now.message.context_id}` });
    expect(jobs).toHaveLength(1);
    const explained = await explainMessage(gateway.deps(), gateway.ownerActor, {
      text: now.message.id,
      contextId: null,
    });
    expect(toPlainText(formatExplanation(explained, false))).toContain(
      `Edited by ${edit?.message.id}: dropped (replaced)`,
    );
  });

  it("is a message of its own once the answer has begun, and the model is told that it is an edit", async () => {
    await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hw r u"));
    await say.begin(message?.message.run_id ?? null);
    const [edit] = await say.receive(say.anEdit(1, "How are you?"));
    expect(edit?.message).toMatchObject({ outcome: "pending", rule: "conversation", kind: "edit" });
    const { context_id: contextId, id, seq } = edit?.message ?? {};
    const told = await loadConversation(gateway.store, {
      contextId: contextId ?? "",
      contextKind: "private",
      messageId: id ?? null,
      messageSeq: seq ?? null,
    });
    expect(told.map(toModelMessage)).toEqual([
      { role: "user", content: "hw r u" },
      {
        role: "user",
        content: [
          { type: "text", text: "(They edited an earlier message, which says now:) " },
          { type: "text", text: "How are you?" },
        ],
      },
    ]);
    const explained = await explainMessage(gateway.deps(), gateway.ownerActor, {
      text: id ?? "",
      contextId: null,
    });
    expect(toPlainText(formatExplanation(explained, false))).toContain(
      `Edit of message ${message?.message.id}`,
    );
  });

  it("changes the edit that waits, while what it said first is being answered", async () => {
    await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hw r u"));
    await say.begin(message?.message.run_id ?? null);
    const [edit] = await say.receive(say.anEdit(1, "How are"));
    const [newer] = await say.receive(say.anEdit(1, "How are you?"));
    expect(outcomeOf(newer)).toBe("dropped(replaced)");
    const now = await gateway.handled(edit?.message.id ?? "");
    expect(now.message).toMatchObject({ outcome: "pending", text: "How are you?" });
  });

  it("is done instead when it has become a command", async () => {
    await gateway.aPerson("member");
    const [message] = await say.receive(say.first("task sweep the yard"));
    const [edit] = await say.receive(say.anEdit(1, "/task sweep the yard"));
    expect(outcomeOf(edit)).toBe("task");
    const now = await gateway.handled(message?.message.id ?? "");
    expect(outcomeOf(now)).toBe("dropped(replaced)");
    expect(
      await gateway.store.first(runRowById, { id: message?.message.run_id ?? "" }),
    ).toMatchObject({ state: "cancelled" });
    expect(await gateway.store.all(jobsOfLane, { lane: `turn:${now.message.context_id}` })).toEqual(
      [],
    );
  });

  it("lets it go when the mention is taken out", async () => {
    await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hello @helpful_bot", aGroup()));
    const [edit] = await say.receive(say.anEdit(1, "hello all", { ...aGroup(), addressed: false }));
    expect(edit?.message).toMatchObject({ reason: "not_addressed", text: "" });
    const now = await gateway.handled(message?.message.id ?? "");
    expect(outcomeOf(now)).toBe("dropped(replaced)");
  });

  it("stops it when it says stop", async () => {
    await gateway.aPerson("member");
    const [message] = await say.receive(say.first("tell me a long story"));
    const [edit] = await say.receive(say.anEdit(1, "stop"));
    expect(edit?.replies).toEqual(["One waiting message is cancelled."]);
    const now = await gateway.handled(message?.message.id ?? "");
    expect(outcomeOf(now)).toBe("failed(cancelled)");
  });

  it("does nothing for somebody who is no longer let in", async () => {
    const { identityId, userId } = await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hw r u"));
    await gateway.commit("unlink", async () => ({
      effects: [{ type: "unlink-identity", id: identityId, userId, fromVersion: 1 }],
      seen: [],
    }));
    const [edit] = await say.receive(say.anEdit(1, "How are you?"));
    expect(outcomeOf(edit)).toBe("dropped(not_paired)");
    expect((await gateway.handled(message?.message.id ?? "")).message.text).toBe("hw r u");
  });
});

describe("the edit of a message whose answer is somebody's who no longer is who edits", () => {
  it("is a message of its own for whom the sender is now", async () => {
    const before = await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hw r u"));
    await gateway.commit("unlink", async () => ({
      effects: [
        { type: "unlink-identity", id: before.identityId, userId: before.userId, fromVersion: 1 },
      ],
      seen: [],
    }));
    const now = await gateway.aPerson("member");
    const [edit] = await say.receive(say.anEdit(1, "How are you?"));
    expect(edit?.message).toMatchObject({ outcome: "pending", identity_id: now.identityId });
    expect((await gateway.handled(message?.message.id ?? "")).message.text).toBe("hw r u");
  });

  it("does nothing for somebody who may no longer talk", async () => {
    const { userId } = await gateway.aPerson("member");
    const [message] = await say.receive(say.first("hw r u"));
    await gateway.commit("change-role", async () => ({
      effects: [{ type: "set-role", userId, fromVersion: 1, role: "viewer" }],
      seen: [],
    }));
    const [edit] = await say.receive(say.anEdit(1, "How are you?"));
    expect(edit?.message.reason).toBe("access_denied");
    expect((await gateway.handled(message?.message.id ?? "")).message.text).toBe("hw r u");
  });
});

describe("the edit of a message that was handled", () => {
  it("is dropped when it says nothing new: Telegram tells of link previews too", async () => {
    await gateway.aPerson("member");
    await say.receive(say.first("/task see https://example.org"));
    const [edit] = await say.receive(say.anEdit(1, "/task see https://example.org"));
    expect(outcomeOf(edit)).toBe("dropped(unchanged)");
    expect(edit?.replies).toEqual([]);
  });

  it("runs no command again that has done its work, and says so once", async () => {
    await gateway.aPerson("member");
    await say.receive(say.first("/task buy milk"));
    const [edit] = await say.receive(say.anEdit(1, "/task buy oats"));
    expect(edit?.message).toMatchObject({ outcome: "answered", reason: "already_done" });
    expect(edit?.replies[0]).toContain("Send it as a new message");
    const [again] = await say.receive(say.anEdit(1, "/task buy rice"));
    expect(outcomeOf(again)).toBe("dropped(already_done)");
    expect(await gateway.store.list((db) => db.selectFrom("tasks").select("id"))).toHaveLength(1);
  });

  it("runs a command whose first form did nothing", async () => {
    await gateway.aPerson("member");
    const [typo] = await say.receive(say.first("/tsk buy milk"));
    expect(typo?.message.reason).toBe("unknown_command");
    const [edit] = await say.receive(say.anEdit(1, "/task buy milk"));
    expect(outcomeOf(edit)).toBe("task");
    const [more] = await say.receive(say.anEdit(1, "/task buy milk and oats"));
    expect(outcomeOf(more)).toBe("answered(already_done)");
  });

  it.each([
    ["/cancel", "dropped(replaced)", /^One waiting message is cancelled\. Nothing else/u],
    ["/cancel nothing9", "dropped(replaced)", /no task/u],
    ["stop", "failed(cancelled)", /^One waiting message is cancelled\./u],
  ])("takes back the question that waits when it becomes “%s”", async (text, was, reply) => {
    await gateway.aPerson("member");
    const [question] = await say.receive(say.first("How are you?"));
    const [edit] = await say.receive(say.anEdit(1, text));
    expect(edit?.message.outcome).toBe("answered");
    expect(edit?.replies[0]).toMatch(reply);
    expect(outcomeOf(await gateway.handled(question?.message.id ?? ""))).toBe(was);
    const runs = await gateway.store.list((db) => db.selectFrom("runs").select("state"));
    expect(runs).toEqual([{ state: "cancelled" }]);
    const lane = `turn:${question?.message.context_id}`;
    expect(await gateway.store.all(jobsOfLane, { lane })).toEqual([]);
  });

  it("still cancels, whatever the message has done before", async () => {
    await gateway.aPerson("member");
    const [task] = await say.receive(say.first("/task buy milk"));
    const id = task?.message.task_id ?? "";
    const [edit] = await say.receive(say.anEdit(1, `/cancel ${id}`));
    expect(edit?.message).toMatchObject({ outcome: "answered", rule: "command:cancel" });
    expect(await gateway.store.list((db) => db.selectFrom("tasks").select("status"))).toEqual([
      { status: "cancelled" },
    ]);
  });

  it("is the first message for us when it mentions us only now, and is answered as a reply to it", async () => {
    await gateway.aPerson("member");
    const [talk] = await say.receive(
      say.first("what is the time?", { ...aGroup(), addressed: false }),
    );
    expect(talk?.message).toMatchObject({ reason: "not_addressed", text: "" });
    const [same] = await say.receive(
      say.anEdit(1, "what is the time??", { ...aGroup(), addressed: false }),
    );
    expect(same?.message).toMatchObject({ reason: "not_addressed", text: "" });
    const [edit] = await say.receive(say.anEdit(1, "/status@helpful_bot", aGroup()));
    expect(edit?.message).toMatchObject({ outcome: "answered", rule: "command:status" });
    const [reply] = await gateway.store.list((db) =>
      db
        .selectFrom("deliveries")
        .selectAll()
        .where("message_id", "=", edit?.message.id ?? ""),
    );
    expect(reply?.reply_to_external_id).toBe(edit?.message.external_message_id);
  });

  it("is a message like any other when what it changed is not known here", async () => {
    await gateway.aPerson("member");
    const [edit] = await say.receive(say.anEdit(999, "hello"));
    expect(edit?.message).toMatchObject({ outcome: "pending", rule: "conversation" });
  });

  it("is not handled when a newer one was", async () => {
    await gateway.aPerson("member");
    await say.receive(say.first("/help"));
    const older = say.anEdit(1, "one");
    const [newer] = await say.receive(say.anEdit(1, "two"));
    expect(newer?.message.rule).toBe("conversation");
    const [late] = await say.receive(older);
    expect(outcomeOf(late)).toBe("dropped(replaced)");
  });

  it("gives a stranger no more than a message does", async () => {
    await say.receive(say.first("let me in"));
    const [edit] = await say.receive(say.anEdit(1, "let me in, please"));
    expect(edit?.message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
    expect(edit?.replies).toEqual([]);
  });

  it("counts as a message for those who write too much", async () => {
    await gateway.close();
    gateway = await openGateway({ inboundMaxPerMinute: 2 });
    say = editMessages(gateway);
    await gateway.aPerson("member");
    await say.receive(say.first("/help"));
    await say.receive(say.anEdit(1, "one"));
    const [edit] = await say.receive(say.anEdit(1, "/status"));
    expect(outcomeOf(edit)).toBe("dropped(rate_limited)");
  });
});
