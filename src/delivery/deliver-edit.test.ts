import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenDelivery, openDelivery } from "../../test/support/open-delivery.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import { doc, p } from "../core/rich-text/build.ts";

const CARD = "task:task_1";
const CONTEXT = {
  id: "ctx_chat",
  connector: "telegram",
  account: "77",
  external_id: "1001",
} as const;

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
});
afterEach(() => d.close());

/** A card that was sent, and what it is to say now. */
async function queueEdit(): Promise<EffectOf<"queue-delivery">> {
  const facts = {
    context: CONTEXT,
    messageId: null,
    runId: null,
    taskId: null,
    replyToExternalId: null,
    card: CARD,
    now: d.clock.now(),
  };
  const card = queueReply({ ...facts, body: doc(p("It waits.")) });
  await d.commit([card]);
  await d.run();
  const edit = {
    ...queueReply({ ...facts, body: doc(p("It is over.")) }),
    kind: "edit",
    revises: { deliveryId: card.id, revision: 1 },
  } as const;
  await d.commit([edit]);
  return edit;
}

test("what a platform neither does nor refuses holds its chat up for five tries", async () => {
  const edit = await queueEdit();
  const reply = await d.queue(doc(p("next")));
  for (let tried = 1; tried <= 5; tried += 1) {
    d.changeAnswers.push({ kind: "uncertain", error: "502" });
    await d.run();
    expect((await d.row(edit.id)).state).toBe(tried < 5 ? "pending" : "failed");
    d.clock.advance(10_000);
  }
  await d.run();
  expect((await d.row(reply.id)).state).toBe("sent");
  expect(d.changes).toHaveLength(5);
});

test("a platform that cannot be reached is waited for, as for any reply", async () => {
  const edit = await queueEdit();
  for (let tried = 1; tried <= 8; tried += 1) {
    d.changeAnswers.push({ kind: "not_done", error: "no connection" });
    await d.run();
    expect((await d.row(edit.id)).state).toBe("pending");
    d.clock.advance(60_000);
  }
  await d.run();
  expect(await d.row(edit.id)).toMatchObject({ state: "sent", error: null });
  expect(d.changes.at(-1)).toMatchObject({
    externalMessageId: "1001:1",
    part: { formatted: "It is over." },
  });
});
