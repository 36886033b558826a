import { afterEach, beforeEach, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { queueDraft } from "../core/delivery/queue-reply.ts";
import { laneOf } from "../core/job/lanes.ts";
import { deliveryById } from "../store/queries/deliveries.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { cancelTurn } from "./cancel-turn.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

async function aTurnWithADraft() {
  const { actor } = await gateway.aPerson("member");
  const { message } = await gateway.say("write a novel");
  const { context_id: contextId, run_id: runId } = message;
  const context = {
    id: contextId,
    connector: "telegram",
    account: "77",
    external_id: "7",
  } as const;
  const draft = queueDraft({
    context,
    body: [],
    messageId: message.id,
    runId,
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  await gateway.commit("show", async () => ({ effects: [{ ...draft, job: null }], seen: [] }));
  return { actor, contextId, draftId: draft.id };
}

async function move(id: string, to: "sending" | "sent"): Promise<void> {
  await gateway.commit("move", async () => {
    const fromVersion = (await gateway.store.first(deliveryById, { id }))?.version ?? 0;
    const kept = { parts: null, partsSent: 0, receipts: "[]", marked: false, error: null };
    return { effects: [{ type: "move-delivery", id, fromVersion, to, ...kept }], seen: [] };
  });
}

async function expectTakenOut(draftId: string): Promise<void> {
  const row = await gateway.store.first(deliveryById, { id: draftId });
  expect(row).toMatchObject({ state: "pending", error: "its answer was cancelled" });
  const jobs = await gateway.store.all(jobsOfLane, { lane: laneOf.draft(draftId) });
  expect(jobs.map(({ payload }) => JSON.parse(payload))).toEqual([{ deliveryId: draftId }]);
}

test("a turn that is cancelled while it waits to be tried again takes its draft out of the chat", async () => {
  const { actor, contextId, draftId } = await aTurnWithADraft();
  await gateway.commit("cancel", (deps) => cancelTurn(deps, actor, { contextId }));
  await expectTakenOut(draftId);
});

test("so does one whose draft arrives while that is being decided", async () => {
  const { actor, contextId, draftId } = await aTurnWithADraft();
  await move(draftId, "sending");
  let decisions = 0;
  await gateway.commit("cancel", async (deps) => {
    const cancelled = await cancelTurn(deps, actor, { contextId });
    decisions += 1;
    if (decisions === 1) await move(draftId, "sent");
    return cancelled;
  });
  expect(decisions).toBe(2);
  await expectTakenOut(draftId);
});
