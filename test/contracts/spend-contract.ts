import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect } from "../../src/core/effect/effect.ts";
import type { SpendCaps } from "../../src/core/spend/spend-scope.ts";
import { spendOf } from "../../src/store/queries/spend.ts";
import { aReservation } from "../support/a-reservation.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import { aParkedRun } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const DAY = "2026-11-21";

/** What every store must hold together about money, however many ask at once. */
export function spendContract(kind: StoreBackend): void {
  describe(`spend on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    let runId: string;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      const [run, parked] = aParkedRun(place);
      runId = run.id;
      await commit(backend, [...effects, run, parked]);
    });
    afterEach(async () => {
      await backend.close();
    });

    const reservation = (
      reservedMicroUsd: number,
      caps: Partial<SpendCaps>,
      asker: { readonly userId: string | null; readonly keyId?: string } = { userId: "usr_1" },
      day = DAY,
    ) => aReservation({ runId, ...place, ...asker, day, reservedMicroUsd }, caps);
    const settle = (id: string, state: "settled" | "released", costMicroUsd: number): Effect => ({
      type: "settle-usage",
      id,
      state,
      inputTokens: 1,
      outputTokens: 1,
      costMicroUsd,
    });
    const used = async (key: string) => {
      const row = await backend.store.first(spendOf, { key });
      return row && [Number(row.spent_micro_usd), Number(row.reserved_micro_usd)];
    };

    test("never passes a cap, however many calls are put aside at once", async () => {
      const results = await Promise.all(
        Array.from({ length: 50 }, () => commit(backend, [reservation(10, { daily: 95 })])),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(9);
      expect(
        results.filter((result) => typeof result === "object" && result.refused === "spend_cap"),
      ).toHaveLength(41);
      expect(await used(`day:${DAY}`)).toEqual([0, 90]);
    });

    test.each(["run", "user", "workspace"] as const)(
      "refuses by the cap of the %s alone, and then counts nowhere",
      async (scope) => {
        expect(await commit(backend, [reservation(10, { [scope]: 15 })])).toBe("committed");
        expect(await commit(backend, [reservation(10, { [scope]: 15 })])).toEqual({
          refused: "spend_cap",
        });
        expect(await used(`day:${DAY}`)).toEqual([0, 10]);
        expect(await used(`work:${runId}`)).toEqual([0, 10]);
      },
    );

    test("counts the work of a key for the key, and for no person", async () => {
      const asker = { userId: "usr_1", keyId: "key_1" };
      const call = reservation(10, { key: 15, user: 1 }, asker);
      expect(await commit(backend, [call])).toBe("committed");
      expect(await commit(backend, [reservation(10, { key: 15 }, asker)])).toEqual({
        refused: "spend_cap",
      });
      expect(await commit(backend, [reservation(10, { user: 15 })])).toBe("committed");
      expect(await commit(backend, [settle(call.id, "settled", 4)])).toBe("committed");
      expect(await used(`key:key_1:${DAY}`)).toEqual([4, 0]);
      expect(await used(`user:usr_1:${DAY}`)).toEqual([0, 10]);
    });

    test("begins every day anew, and a piece of work never", async () => {
      const next = "2026-11-22";
      const caps = { daily: 15, user: 15, workspace: 15 };
      const call = reservation(10, caps);
      await commit(backend, [call]);
      const tomorrow = reservation(10, caps, undefined, next);
      expect(await commit(backend, [tomorrow])).toBe("committed");
      // What was put aside before midnight is settled where it was counted.
      await commit(backend, [settle(call.id, "settled", 7)]);
      expect(await used(`day:${DAY}`)).toEqual([7, 0]);
      expect(await used(`day:${next}`)).toEqual([0, 10]);
      expect(await used(`work:${runId}`)).toEqual([7, 10]);
      expect(await commit(backend, [reservation(10, { run: 26 }, undefined, next)])).toEqual({
        refused: "spend_cap",
      });
    });

    test("never passes any of several caps, while calls end as others begin", async () => {
      const caps = { daily: 100, user: 60, key: 30 };
      const askers = [
        { userId: "usr_1" },
        { userId: "usr_2" },
        { userId: "usr_3", keyId: "key_1" },
      ];
      const results = await Promise.all(
        Array.from({ length: 60 }, async (_, index) => {
          const call = reservation(10, caps, askers[index % 3]);
          if ((await commit(backend, [call])) !== "committed") return 0;
          const cost = index % 2 === 0 ? 7 : 0;
          const end = settle(call.id, cost === 0 ? "released" : "settled", cost);
          expect(await commit(backend, [end])).toBe("committed");
          return cost;
        }),
      );
      const [spent, reserved] = (await used(`day:${DAY}`)) ?? [];
      expect(spent).toBe(results.reduce((sum: number, cost) => sum + cost, 0));
      expect(spent).toBeLessThanOrEqual(100);
      expect(reserved).toBe(0);
      for (const [key, cap] of [
        ["user:usr_1", 60],
        ["user:usr_2", 60],
        ["key:key_1", 30],
      ] as const)
        expect((await used(`${key}:${DAY}`))?.[0]).toBeLessThanOrEqual(cap);
    });

    test("turns what was put aside into what was spent, in every scope, once", async () => {
      const call = reservation(10, { daily: 15 });
      await commit(backend, [call]);
      expect(await commit(backend, [settle(call.id, "settled", 4)])).toBe("committed");
      expect(await commit(backend, [settle(call.id, "settled", 4)])).toBe("conflict");
      for (const key of call.scopes.map((scope) => scope.key))
        expect(await used(key)).toEqual([4, 0]);
      expect(await commit(backend, [reservation(11, { daily: 15 })])).toBe("committed");
      expect(await commit(backend, [reservation(1, { daily: 15 })])).toEqual({
        refused: "spend_cap",
      });
    });

    test("counts what nobody paid for nowhere, and work without a person for no person", async () => {
      const call = reservation(10, { daily: 10 }, { userId: null });
      await commit(backend, [call]);
      expect(await commit(backend, [settle(call.id, "released", 0)])).toBe("committed");
      expect(await used(`day:${DAY}`)).toEqual([0, 0]);
      expect(await used(`user:null:${DAY}`)).toBeUndefined();
      expect(await commit(backend, [reservation(10, { daily: 10 })])).toBe("committed");
    });

    test("allows as much more as a person has raised the cap by", async () => {
      const raise = (by: number): Effect => ({
        type: "raise-spend",
        scope: { key: `day:${DAY}`, day: DAY },
        byMicroUsd: by,
      });
      expect(await commit(backend, [raise(5)])).toBe("committed");
      expect(await commit(backend, [reservation(15, { daily: 10 })])).toBe("committed");
      expect(await commit(backend, [reservation(1, { daily: 10 })])).toEqual({
        refused: "spend_cap",
      });
      await commit(backend, [raise(1)]);
      expect(await commit(backend, [reservation(1, { daily: 10 })])).toBe("committed");
    });
  });
}
