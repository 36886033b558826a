import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { type SpendCaps, spendScopes } from "../../src/core/spend/spend-scope.ts";
import { spendOf } from "../../src/store/queries/spend.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import { aRun } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const DAY = "2026-11-21";
const NO_CAPS: SpendCaps = { daily: null, run: null, user: null, workspace: null };

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
      const run = aRun(place);
      runId = run.id;
      // Parked, so that it needs no job and may hold reservations.
      const parked: Effect = {
        type: "move-run",
        id: runId,
        from: ["queued"],
        to: "parked",
        model: null,
        error: null,
      };
      await commit(backend, [...effects, run, parked]);
    });
    afterEach(async () => {
      await backend.close();
    });

    function reservation(
      amount: number,
      caps: Partial<SpendCaps>,
      userId: string | null = "usr_1",
    ): EffectOf<"reserve-usage"> {
      const work = { runId, workId: runId, userId, ...place };
      return {
        ...work,
        type: "reserve-usage",
        id: newId("use"),
        stepId: newId("step"),
        purpose: "chat",
        day: DAY,
        model: "openai/gpt-6-sol",
        reservedMicroUsd: amount,
        scopes: spendScopes(work, { ...NO_CAPS, ...caps }, DAY),
      };
    }
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
      const call = reservation(10, { daily: 10 }, null);
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
