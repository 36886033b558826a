import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aConversation } from "../../../test/contracts/fixtures.ts";
import { aRun } from "../../../test/contracts/guard-rows.ts";
import { aReservation } from "../../../test/support/a-reservation.ts";
import { openTestStore, type TestStore } from "../../../test/support/open-test-store.ts";
import type { Effect } from "../../core/effect/effect.ts";
import { missingSums, strayCalls, wrongSums } from "./spend-ledger.ts";

const DAY = "2026-11-21";
let opened: TestStore;
let workspaceId: string;
let runIds: readonly string[];

/** A call of a person and one of a key, the first settled. */
beforeEach(async () => {
  opened = await openTestStore();
  const { ids, effects } = aConversation();
  workspaceId = ids.workspaceId;
  const runs = [aRun(ids), aRun(ids)];
  runIds = runs.map(({ id }) => id);
  const [own, ofKey] = runs.map(({ id }, index) =>
    aReservation({ runId: id, ...ids, userId: "usr_1", keyId: index === 0 ? null : "key_1" }),
  );
  if (own === undefined || ofKey === undefined) throw new Error("no calls");
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
  const settle: Effect = {
    type: "settle-usage",
    id: own.id,
    state: "settled",
    inputTokens: 1,
    outputTokens: 1,
    costMicroUsd: 3,
  };
  const result = await opened.store.commit({
    name: "test",
    actor: "system",
    cause: "test",
    now: opened.clock.now(),
    effects: [...effects, ...runs, ...parked, own, ofKey, settle],
  });
  expect(result).toBe("committed");
});
afterEach(() => opened.close());

async function findings() {
  const { store } = opened;
  return {
    wrong: (await store.all(wrongSums, {})).map(({ key }) => key),
    missing: (await store.all(missingSums, { sinceDay: DAY })).map(({ key }) => key),
    stray: (await store.all(strayCalls, {})).map(({ id }) => id),
  };
}

/** What another hand does to the file, and what undoes it. */
async function meanwhile(change: string, undo: string) {
  const database = new Database(opened.dbPath);
  try {
    database.exec(change);
    return await findings();
  } finally {
    database.exec(undo);
    database.close();
  }
}

test("finds nothing in a ledger that adds up", async () => {
  expect(await findings()).toEqual({ wrong: [], missing: [], stray: [] });
});

test.each(["spent_micro_usd", "reserved_micro_usd"])(
  "finds every sum whose %s is wrong",
  async (column) => {
    for (const key of [
      `day:${DAY}`,
      `work:${runIds[0]}`,
      `user:usr_1:${DAY}`,
      `key:key_1:${DAY}`,
      `workspace:${workspaceId}:${DAY}`,
    ]) {
      const change = (by: string) =>
        `update spend set ${column} = ${column} ${by} 1 where key = '${key}'`;
      expect((await meanwhile(change("+"), change("-"))).wrong).toEqual([key]);
    }
  },
);

test("finds sums that are gone", async () => {
  const rows = `key, day, began_at_ms, spent_micro_usd, reserved_micro_usd, raised_micro_usd`;
  const gone = await meanwhile(
    "create table kept as select * from spend; delete from spend where key like 'key:%'",
    `delete from spend; insert into spend (${rows}) select ${rows} from kept; drop table kept`,
  );
  expect(gone.missing).toEqual([`key:key_1:${DAY}`]);
});

test("finds a call that is counted for other work than its run's", async () => {
  const change = (from: string | undefined, to: string | undefined) =>
    `update usage set work_id = '${to}' where run_id = '${from}'`;
  const [first, second] = runIds;
  const found = await meanwhile(change(first, second), change(first, first));
  expect(found.stray).toHaveLength(1);
  expect(found.wrong).toEqual([`work:${first}`, `work:${second}`].sort());
});
