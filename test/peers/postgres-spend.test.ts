import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { Effect } from "../../src/core/effect/effect.ts";
import { openPostgresStore, type PostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { spendOf } from "../../src/store/queries/spend.ts";
import { aConversation } from "../contracts/fixtures.ts";
import { aRun } from "../contracts/guard-rows.ts";
import { aReservation } from "../support/a-reservation.ts";
import { checkPostgresInvariants } from "./check-postgres-invariants.ts";
import { createDatabase, type TestDatabase } from "./postgres-backend.ts";

const url = process.env["AGENT_RUNTIME_TEST_POSTGRES_URL"];
if (url === undefined)
  throw new Error("AGENT_RUNTIME_TEST_POSTGRES_URL is not set: run this through `make test-peers`");
const server = url;

const DAY = "2026-11-21";
const CALLS = 60;
const CAPS = { daily: 200, user: 90, key: 40, workspace: 190 };

describe("caps that several nodes share", () => {
  let database: TestDatabase;
  let stores: PostgresStore[];
  beforeEach(async () => {
    database = await createDatabase(server);
    stores = await Promise.all([aStore(), aStore()]);
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await database.drop();
  });

  const aStore = () =>
    openPostgresStore({ url: database.url, clock: systemClock, onError: () => undefined });
  const commit = async (store: PostgresStore | undefined, effects: readonly Effect[]) =>
    await store?.commit({
      name: "test",
      actor: "system",
      cause: "test",
      now: systemClock.now(),
      effects,
    });

  test("are never passed, while calls of both begin and end", async () => {
    const { ids, effects } = aConversation();
    const runs = Array.from({ length: CALLS }, () => aRun(ids));
    const parked = runs.map(
      ({ id }): Effect => ({
        type: "move-run",
        id,
        from: ["queued"],
        to: "parked",
        model: null,
        error: null,
      }),
    );
    expect(await commit(stores[0], [...effects, ...runs, ...parked])).toBe("committed");

    const askers = [{ userId: "usr_1" }, { userId: "usr_2" }, { userId: "usr_3", keyId: "key_1" }];
    const spent = await Promise.all(
      runs.map(async ({ id }, index) => {
        const [here, there] = index % 2 === 0 ? stores : stores.toReversed();
        const call = aReservation(
          { runId: id, ...ids, ...askers[index % 3], day: DAY, reservedMicroUsd: 10 },
          CAPS,
        );
        const begun = await commit(here, [call]);
        if (begun !== "committed") {
          expect(begun).toEqual({ refused: "spend_cap" });
          return 0;
        }
        const end = { inputTokens: 1, outputTokens: 1, costMicroUsd: 7 };
        const settle = { ...end, type: "settle-usage", id: call.id, state: "settled" } as const;
        // A call may go on in another process than it began in.
        expect(await commit(there, [settle])).toBe("committed");
        return 7;
      }),
    );
    const total = spent.reduce((sum: number, cost) => sum + cost, 0);
    expect(total).toBeGreaterThan(0);
    const used = async (key: string) => await stores[1]?.first(spendOf, { key });
    expect(await used(`day:${DAY}`)).toMatchObject({
      spent_micro_usd: total,
      reserved_micro_usd: 0,
    });
    for (const [key, cap] of [
      [`day:${DAY}`, CAPS.daily],
      [`user:usr_1:${DAY}`, CAPS.user],
      [`user:usr_2:${DAY}`, CAPS.user],
      [`key:key_1:${DAY}`, CAPS.key],
      [`workspace:${ids.workspaceId}:${DAY}`, CAPS.workspace],
    ] as const)
      expect((await used(key))?.spent_micro_usd).toBeLessThanOrEqual(cap);
    await checkPostgresInvariants((sql) => database.run(sql));
  });
});
