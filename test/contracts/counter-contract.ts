import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { statement } from "../../src/store/statement.ts";
import { commit } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const counters = statement((db, _p: Record<never, never>) => db.selectFrom("counters").selectAll());

/** What every store must count, and when it must refuse. */
export function counterContract(kind: StoreBackend): void {
  describe(`counters on ${kind.name}`, () => {
    let backend: OpenedBackend;
    beforeEach(async () => {
      backend = await kind.open();
    });
    afterEach(async () => {
      await backend.close();
    });

    test("refuse more than their limit, however many ask at once", async () => {
      const count = () =>
        commit(backend, [{ type: "count", key: "inbound:5", windowMs: 60_000, limit: 3 }]);
      const results = await Promise.all(Array.from({ length: 8 }, count));
      expect(results.filter((result) => result === "committed")).toHaveLength(3);
      expect(
        results.filter((result) => typeof result === "object" && result.refused === "counter_full"),
      ).toHaveLength(5);
      expect(await backend.store.all(counters, {})).toMatchObject([{ count: 3 }]);
    });

    test("open a window with the first one taken, wherever an hour begins", async () => {
      const hourMs = 60 * 60_000;
      const one = { type: "count", key: "hint:5", windowMs: hourMs, limit: 1 } as const;
      const takeAt = async (now: number) => {
        const result = await commit(backend, [one], { now });
        return typeof result === "object" ? result.refused : result;
      };
      const firstMs = 8 * hourMs - 1;
      expect(await takeAt(firstMs)).toBe("committed");
      expect(await takeAt(firstMs + 1)).toBe("counter_full");
      expect(await takeAt(firstMs + hourMs - 1)).toBe("counter_full");
      expect(await takeAt(firstMs + hourMs)).toBe("committed");
      expect(await takeAt(firstMs + hourMs)).toBe("counter_full");
      expect(await backend.store.all(counters, {})).toMatchObject([
        { key: "hint:5", window_start_ms: firstMs + hourMs, count: 1 },
      ]);
    });

    test("count anew when a clock that was set back finds a window opened later than now", async () => {
      const one = { type: "count", key: "hint:5", windowMs: 1_000, limit: 1 } as const;
      expect(await commit(backend, [one], { now: 9_000 })).toBe("committed");
      expect(await commit(backend, [one], { now: 5_000 })).toBe("committed");
      expect(await commit(backend, [one], { now: 5_999 })).toMatchObject({
        refused: "counter_full",
      });
    });
  });
}
