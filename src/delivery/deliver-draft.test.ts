import { afterEach, beforeEach, expect, test } from "vitest";
import { draftScene, RUN } from "../../test/support/draft-scene.ts";
import { aContext, type OpenDelivery, openDelivery } from "../../test/support/open-delivery.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import { withdrawDraft } from "../operations/withdraw-draft.ts";

const MARK = "\n(still writing …)";

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
  await d.commit([RUN]);
});
afterEach(() => d.close());

const { queueDraft, queueReply, endRun, show } = draftScene(() => d);

test("a draft is sent as what it is, without buttons, and its reply takes its place", async () => {
  const draft = await show();
  expect(d.texts()).toEqual([`So${MARK}`]);
  expect(await d.row(draft.id)).toMatchObject({ state: "sent", receipts: '["1001:1"]' });
  await endRun();
  const reply = await queueReply();
  await d.run();
  expect(d.changes).toMatchObject([
    { externalMessageId: "1001:1", format: "formatted", part: { formatted: "So it is." } },
  ]);
  expect(await d.row(reply.id)).toMatchObject({ state: "sent", receipts: '["1001:1"]', marked: 0 });
  expect(d.sends).toHaveLength(1);
});

test("only the first part is an edit, and a refused format falls back to plain text, then to a file", async () => {
  await show();
  await endRun();
  d.changeAnswers.push({ kind: "bad_format", error: "bad" }, { kind: "bad_format", error: "bad" });
  const reply = await queueReply(doc(p("a ", code("<"))));
  await d.run();
  expect(d.changes.map(({ format }) => format)).toEqual(["formatted", "plain"]);
  await d.run();
  expect(d.removed).toEqual(["1001:1"]);
  expect(d.sends.at(-1)?.part.file?.text).toContain("<");
  expect(await d.row(reply.id)).toMatchObject({ state: "sent", receipts: '["1001:2"]' });
});

test.each(["not_sent", "bad_format", "rejected", "uncertain"] as const)(
  "a draft whose send was %s is not tried again, and nobody is told",
  async (kind) => {
    d.answers.push({ kind, error: "no" }, { kind, error: "no" });
    const draft = await show();
    expect(await d.row(draft.id)).toMatchObject({ state: "failed", receipts: "[]", error: "no" });
    expect(await d.job(draft.jobId)).toBeUndefined();
    d.answers.length = 0;
    await endRun();
    await queueReply();
    await d.run();
    expect(d.texts().at(-1)).toBe("So it is.");
    expect([d.changes, d.removed]).toEqual([[], []]);
  },
);

test("a draft whose answer is over before its turn comes is not sent", async () => {
  const draft = await queueDraft();
  await endRun();
  const reply = await queueReply();
  await d.run();
  await d.run();
  expect(d.texts()).toEqual(["So it is."]);
  expect((await d.row(draft.id)).state).toBe("failed");
  expect((await d.row(reply.id)).state).toBe("sent");
});

test.each(["not_done", "uncertain"] as const)(
  "an edit that is %s is made again, unmarked",
  async (kind) => {
    await show();
    await endRun();
    d.changeAnswers.push({ kind, error: "no answer" });
    const reply = await queueReply();
    await d.run();
    expect(await d.row(reply.id)).toMatchObject({ state: "pending", marked: 0 });
    d.clock.advance(60_000);
    await d.run();
    expect(d.changes.map(({ part }) => part.formatted)).toEqual(["So it is.", "So it is."]);
    expect(await d.row(reply.id)).toMatchObject({ state: "sent", marked: 0 });
  },
);

test("a reply that cannot be the edit of its draft is a message of its own, whose repeat is marked", async () => {
  const draft = await show();
  await endRun();
  d.changeAnswers.push({ kind: "rejected", error: "message to edit not found" });
  d.answers.push({ kind: "uncertain", error: "reset" });
  const reply = await queueReply();
  await d.run();
  await d.run();
  expect(await d.row(draft.id)).toMatchObject({
    state: "failed",
    error: "message to edit not found",
  });
  expect(d.removed).toEqual(["1001:1"]);
  d.clock.advance(60_000);
  await d.run();
  expect(d.changes).toHaveLength(1);
  expect(d.texts().at(-1)).toBe("(may be a repeat)\nSo it is.");
  expect(await d.row(reply.id)).toMatchObject({ state: "sent", marked: 1 });
});

test("an edit that is never answered holds its reply up for three tries, then that is a marked message", async () => {
  const draft = await show();
  await endRun();
  const lost = { kind: "uncertain", error: "500" } as const;
  d.changeAnswers.push(lost, lost, lost, lost);
  const reply = await queueReply();
  for (const waitMs of [1_000, 2_000]) {
    await d.run();
    expect(await d.row(reply.id)).toMatchObject({ state: "pending", marked: 0 });
    d.clock.advance(waitMs);
  }
  await d.run();
  expect(d.changes).toHaveLength(3);
  expect(d.texts().at(-1)).toBe("(may be a repeat)\nSo it is.");
  expect(await d.row(reply.id)).toMatchObject({ state: "sent", marked: 1 });
  expect(await d.row(draft.id)).toMatchObject({ state: "pending", error: "500" });
});

test("a draft that cannot be taken away holds nothing up, and is tried again for a day", async () => {
  const draft = await show();
  await endRun();
  d.changeAnswers.push({ kind: "rejected", error: "too old" });
  const reply = await queueReply();
  await d.run();
  expect(await d.row(reply.id)).toMatchObject({ state: "sent", marked: 0 });
  d.changeAnswers.push({ kind: "uncertain", error: "500" }, { kind: "not_done", error: "no line" });
  await d.run();
  const next = await d.queue(doc(p("And so on.")));
  await d.run();
  expect(await d.row(next.id)).toMatchObject({ state: "sent" });
  d.clock.advance(60_000);
  await d.run();
  expect((await d.row(draft.id)).state).toBe("pending");
  d.changeAnswers.push({ kind: "uncertain", error: "500" });
  d.clock.advance(24 * 60 * 60_000);
  await d.run();
  expect(d.removed).toHaveLength(3);
  expect(await d.row(draft.id)).toMatchObject({ state: "failed", error: "too old" });
});

test("what else is said there about the same run leaves its draft alone", async () => {
  await show();
  await d.commit([
    {
      type: "create-context",
      id: "ctx_hub",
      workspaceId: "ws_chat",
      address: { connector: "telegram", account: "77", externalId: "2002" },
      kind: "private",
      title: "Hub",
    },
  ]);
  const hub = { id: "ctx_hub", connector: "telegram", account: "77", external_id: "2002" } as const;
  await d.queue(doc(p("It failed.")), hub, { runId: RUN.id });
  await d.run();
  expect(d.changes).toEqual([]);
  expect(d.texts().at(-1)).toBe("It failed.");
  await endRun();
});

test("a draft of an answer that ends without a reply is taken out of the chat, however long that takes", async () => {
  const draft = await show();
  const { effects } = await withdrawDraft(d.store, RUN.id, d.clock.now());
  await endRun("cancelled");
  await d.commit(effects);
  d.changeAnswers.push({ kind: "not_done", error: "429", retryAfterMs: 3_000 });
  await d.run();
  expect((await d.row(draft.id)).state).toBe("pending");
  d.clock.advance(3_000);
  await d.run();
  expect(d.removed).toEqual(["1001:1", "1001:1"]);
  expect(await d.row(draft.id)).toMatchObject({
    state: "failed",
    error: "its answer was cancelled",
  });
});

test("so is one that was being sent just then", async () => {
  const draft = await queueDraft();
  d.answers.push(async () => {
    await endRun("cancelled");
    expect((await withdrawDraft(d.store, RUN.id, d.clock.now())).effects).toEqual([]);
    return { kind: "sent", externalMessageId: "" };
  });
  await d.run();
  await d.run();
  expect(d.removed).toEqual(["1001:1"]);
  expect((await d.row(draft.id)).state).toBe("failed");
});

test("a draft of an account that is not connected any more is dropped, and nobody is alarmed", async () => {
  const address = { connector: "telegram", account: "76", externalId: "1001" } as const;
  const old = { id: "ctx_old", connector: "telegram", account: "76", external_id: "1001" } as const;
  await d.commit([aContext("ctx_old", "ws_chat", address)]);
  const { id, jobId } = await d.queue(doc(p("So ")), old, { runId: RUN.id, isDraft: true });
  await d.run();
  expect(await d.row(id)).toMatchObject({
    state: "failed",
    error: "telegram is connected as 77, and this belongs to 76",
  });
  expect(await d.job(jobId)).toBeUndefined();
  expect(d.sends).toEqual([]);
  await endRun();
});
