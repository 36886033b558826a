import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DELIVERY_STATES, type DeliveryState } from "../../src/core/delivery/delivery.ts";
import { deliverJob } from "../../src/core/delivery/queue-reply.ts";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { createDeliveryLedger } from "../../src/health/count-ledger.ts";
import {
  deliveriesOfCard,
  draftOfRun,
  listDeliveries,
} from "../../src/store/queries/deliveries.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import { aDelivery, moveDelivery } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** As what a delivery begins, what a kept one is from then on, and how often one is written anew. */
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

    const rows = () => backend.store.list((db) => db.selectFrom("deliveries").selectAll());
    async function write(effects: readonly Effect[]): Promise<void> {
      expect(await commit(backend, effects)).toBe("committed");
    }
    /** The effect is a conflict, and every delivery stays as it is. */
    async function refuses(effect: Effect): Promise<void> {
      const before = await rows();
      expect(await commit(backend, [effect])).toBe("conflict");
      expect(await rows()).toEqual(before);
    }

    test("is sent by its job, read where its reader is, or kept to be fetched", async () => {
      const [sent, read, kept] = [aDelivery(place), aDelivery(place), forAgent()];
      const job = deliverJob(sent.id, place.contextId, 0);
      await commit(backend, [{ ...sent, job }, read, { ...kept, isKept: true }]);
      expect(await idsIn("pending")).toEqual([sent.id]);
      expect(await idsIn("sent")).toEqual([read.id]);
      expect(await idsIn("kept")).toEqual([kept.id]);
    });

    test("is moved only on from what was read", async () => {
      const delivery = aDelivery(place);
      const move = (fromVersion: number, to: DeliveryState) =>
        moveDelivery(delivery.id, fromVersion, to);
      await write([delivery]);
      await refuses(move(0, "sending"));
      await refuses(move(2, "sending"));
      await write([move(1, "sent")]);
      await refuses(move(1, "pending"));
    });

    test("keeps its parts through moves that give none, and takes new ones", async () => {
      const delivery = aDelivery(place);
      const move = (fromVersion: number, parts: string | null) =>
        ({ ...moveDelivery(delivery.id, fromVersion, "sent"), parts }) as const;
      const partsAfter = async (fromVersion: number, parts: string | null) => {
        await write([move(fromVersion, parts)]);
        return (await rows()).map(({ parts: kept }) => kept);
      };
      await write([delivery]);
      expect(await partsAfter(1, null)).toEqual([null]);
      expect(await partsAfter(2, '["first"]')).toEqual(['["first"]']);
      expect(await partsAfter(3, null)).toEqual(['["first"]']);
      expect(await partsAfter(4, '["second"]')).toEqual(['["second"]']);
      expect(await partsAfter(5, null)).toEqual(['["second"]']);
    });

    test("is given up only once it is dead, and that once", async () => {
      const delivery = aDelivery(place);
      const drop = { type: "drop-delivery", id: delivery.id, droppedBy: "x", reason: "y" } as const;
      await write([delivery]);
      let version = 1;
      for (const state of DELIVERY_STATES.filter((one) => one !== "dead")) {
        await write([moveDelivery(delivery.id, version, state)]);
        version += 1;
        await refuses(drop);
      }
      await write([moveDelivery(delivery.id, version, "dead"), drop]);
      await refuses(drop);
    });

    test("is never given up once it is kept", async () => {
      const kept = forAgent();
      await commit(backend, [{ ...kept, isKept: true }]);
      const drop = { type: "drop-delivery", id: kept.id, droppedBy: "x", reason: "y" } as const;
      expect(await commit(backend, [drop])).toBe("conflict");
      expect(await idsIn("kept")).toEqual([kept.id]);
    });

    test("is one draft of an answer, and as many replies to it as need be", async () => {
      const draft = { ...aDelivery(place), kind: "draft", runId: "run_1" } as const;
      const next = (more: Partial<EffectOf<"queue-delivery">>) => ({
        ...draft,
        id: newId("dlv"),
        ...more,
      });
      expect(await commit(backend, [draft])).toBe("committed");
      expect(await commit(backend, [next({})])).toBe("conflict");
      const others = [next({ runId: "run_2" }), next({ kind: "send" }), next({ kind: "send" })];
      expect(await commit(backend, others)).toBe("committed");
      const shown = await backend.store.first(draftOfRun, { runId: "run_1" });
      expect(shown).toMatchObject({ id: draft.id });
    });

    test("is written anew once a revision", async () => {
      const aCard = () => ({ ...aDelivery(place), card: "task:task_1:v1" });
      const [card, other] = [aCard(), aCard()];
      const edit = (revision: number, deliveryId = card.id) => ({
        ...aCard(),
        kind: "edit" as const,
        revises: { deliveryId, revision },
      });
      const first = [card, other, edit(1), edit(1, other.id), edit(2)];
      expect(await commit(backend, first)).toBe("committed");
      for (const again of [edit(1), edit(2), edit(1, other.id)]) {
        expect(await commit(backend, [again])).toBe("conflict");
      }
      expect(await commit(backend, [edit(3)])).toBe("committed");
      const copies = await backend.store.all(deliveriesOfCard, { card: "task:task_1:v1" });
      expect(copies.map(({ revision }) => revision)).toEqual([null, null, 1, 1, 2, 3]);
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
