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

test("a turn that is cancelled while it waits to be tried again takes its draft out of the chat", async () => {
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
  await gateway.commit("cancel", (deps) => cancelTurn(deps, actor, { contextId }));
  expect(await gateway.store.first(deliveryById, { id: draft.id })).toMatchObject({
    state: "pending",
  });
  const jobs = await gateway.store.all(jobsOfLane, { lane: laneOf.draft(draft.id) });
  expect(jobs.map(({ payload }) => JSON.parse(payload))).toEqual([{ deliveryId: draft.id }]);
});
