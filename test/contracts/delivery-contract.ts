import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeliveryState } from "../../src/core/delivery/delivery.ts";
import { deliverJob } from "../../src/core/delivery/queue-reply.ts";
import type { EffectOf } from "../../src/core/effect/effect.ts";
import { createDeliveryLedger } from "../../src/health/count-ledger.ts";
import { listDeliveries } from "../../src/store/queries/deliveries.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import { aDelivery, moveDelivery } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** As what a delivery begins, and what a kept one is from then on. */
export function deliveryContract(kind: StoreBackend): void {
  describe(`deliveries on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      await commit(backend, effects);
    });
    afterEach(async () => {
      await backend.close();
    });

    const forAgent = (): EffectOf<"queue-delivery"> => ({
      ...aDelivery(place),
      address: { connector: "codex", account: "idn_1", externalId: "session-1" },
    });
    const idsIn = async (state: DeliveryState): Promise<readonly string[]> => {
      const filter = { workspaceId: place.workspaceId, state, limit: 9 };
      return (await listDeliveries(backend.store, filter)).map(({ id }) => id);
    };

    test("is sent by its job, read where its reader is, or kept to be fetched", async () => {
      const [sent, read, kept] = [aDelivery(place), aDelivery(place), forAgent()];
      const job = deliverJob(sent.id, place.contextId, 0);
      await commit(backend, [{ ...sent, job }, read, { ...kept, isKept: true }]);
      expect(await idsIn("pending")).toEqual([sent.id]);
      expect(await idsIn("sent")).toEqual([read.id]);
      expect(await idsIn("kept")).toEqual([kept.id]);
    });

    test("is never given up once it is kept", async () => {
      const kept = forAgent();
      await commit(backend, [{ ...kept, isKept: true }]);
      const drop = { type: "drop-delivery", id: kept.id, droppedBy: "x", reason: "y" } as const;
      expect(await commit(backend, [drop])).toBe("conflict");
      expect(await idsIn("kept")).toEqual([kept.id]);
    });

    test("is counted as what it is, and a kept one never as sent", async () => {
      const ledger = createDeliveryLedger(backend.store);
      const counts = async () => Object.fromEntries(await ledger.read());
      const dead = aDelivery(place);
      const job = deliverJob(dead.id, place.contextId, 0);
      await commit(backend, [{ ...forAgent(), isKept: true }, aDelivery(place), { ...dead, job }]);
      expect(await counts()).toEqual({ pending: 1, kept: 1, sent: 1 });
      await commit(backend, [
        { ...forAgent(), isKept: true },
        moveDelivery(dead.id, 1, "dead"),
        { type: "remove-job", jobId: job.id, lane: job.lane },
      ]);
      expect(await counts()).toEqual({ dead: 1, kept: 2, sent: 1 });
    });
  });
}
