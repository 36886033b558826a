import { afterEach, beforeEach, expect, test } from "vitest";
import { aConversation } from "../../test/contracts/fixtures.ts";
import { aRun } from "../../test/contracts/guard-rows.ts";
import { aReservation } from "../../test/support/a-reservation.ts";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf } from "../core/job/lanes.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import { receiveMessages } from "../operations/receive-messages.ts";
import { createSqliteEngine } from "../orchestrator/engines/sqlite-engine.ts";
import { runJob } from "../orchestrator/run-job.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { counterOf } from "../store/queries/counters.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { pairingByCodeHash } from "../store/queries/pairings.ts";
import { spendOf } from "../store/queries/spend.ts";
import { planRounds } from "./plan-rounds.ts";
import { createSweepHandler } from "./sweep.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
let opened: TestStore;

beforeEach(async () => {
  opened = await openTestStore();
  await planRounds(opened);
});
afterEach(() => opened.close());

/** Counters whose windows opened at `now`. */
async function addCounters(prefix: string, count: number, now: EpochMs): Promise<void> {
  await opened.store.commit({
    name: "count",
    actor: "system",
    cause: "test",
    now,
    effects: Array.from({ length: count }, (_, n) => ({
      type: "count" as const,
      key: `${prefix}${n}`,
      windowMs: 1,
      limit: 1,
    })),
  });
}

/** Runs the planned sweep and tells in how many milliseconds the next one is due. */
async function sweepOnce(): Promise<number> {
  const { store, clock } = opened;
  const engine = createSqliteEngine(store, clock, newId("epoch"));
  const jobs = await engine.claim("light", 10, clock.now());
  const job = jobs.find(({ kind }) => kind === "sweep");
  if (job === undefined) throw new Error("no sweep is due");
  const log = { write: () => undefined };
  await runJob({ store, clock, random: () => 0, log }, createSweepHandler(opened), job).done;
  const [next] = await store.all(jobsOfLane, { lane: laneOf.sweep() });
  return (next?.run_at_ms ?? 0) - clock.now();
}

test("deletes what is past its time and comes back in an hour", async () => {
  const oldMs = opened.clock.now() - 49 * HOUR_MS;
  const newMs = opened.clock.now() - 47 * HOUR_MS;
  await addCounters("old", 1, oldMs);
  await addCounters("new", 1, newMs);
  expect(await sweepOnce()).toBe(HOUR_MS);
  const counter = (key: string) => opened.store.first(counterOf, { key });
  expect(await counter("old0")).toBeUndefined();
  expect(await counter("new0")).toEqual({ window_start_ms: newMs, count: 1 });
});

test("deletes pairing codes a month after they ran out, used or not", async () => {
  const DAY_MS = 24 * HOUR_MS;
  const add = async (id: string, expiresAtMs: EpochMs) => {
    const pairing = {
      type: "create-pairing",
      id,
      codeHash: `hash ${id}`,
      codeHint: "k3v",
      connector: "telegram",
      externalUserId: id,
      displayName: "Ann",
      contextId: null,
      userId: null,
      role: null,
      slot: null,
      expiresAtMs,
    } as const;
    await opened.store.commit({
      name: "pair",
      actor: "system",
      cause: "test",
      now: opened.clock.now(),
      effects: [pairing],
    });
  };
  await add("pair_old", opened.clock.now() - 31 * DAY_MS);
  await add("pair_late", opened.clock.now() - 29 * DAY_MS);
  await add("pair_open", opened.clock.now() + HOUR_MS);
  await sweepOnce();
  const kept = ["pair_old", "pair_late", "pair_open"].map((id) =>
    opened.store.first(pairingByCodeHash, { codeHash: `hash ${id}` }),
  );
  expect((await Promise.all(kept)).map((row) => row?.id)).toEqual([
    undefined,
    "pair_late",
    "pair_open",
  ]);
});

test("remembers the id of a message for 30 days: until then it is a repeat", async () => {
  const DAY_MS = 24 * HOUR_MS;
  const receive = (externalMessageId: string) =>
    commitDecision(opened, { name: "receive", actor: "system", cause: "test" }, (now) =>
      receiveMessages({ store: opened.store, now }, [
        {
          address: { connector: "telegram", account: "77", externalId: "1001" },
          externalMessageId,
          kind: "message",
          chat: { kind: "private", title: "Ada" },
          sender: undefined,
          text: "hello",
          addressed: true,
          sentAtMs: now,
        },
      ]),
    );
  const remembered = async () =>
    (await opened.store.list((db) => db.selectFrom("dedupe").select("external_message_id"))).map(
      (row) => row.external_message_id,
    );
  const first = await receive("1001:1");
  opened.clock.advance(29 * DAY_MS);
  await receive("1001:2");
  await sweepOnce();
  const again = await receive("1001:1");
  expect(again.messages).toEqual([{ ...first.messages[0], isRepeated: true }]);
  opened.clock.advance(DAY_MS);
  await sweepOnce();
  expect(await remembered()).toEqual(["1001:1", "1001:2"]);
  opened.clock.advance(HOUR_MS);
  await sweepOnce();
  expect(await remembered()).toEqual(["1001:2"]);
});

test("goes on within a second while there is more than one commit may delete", async () => {
  await addCounters("old", 1_001, opened.clock.now() - 49 * HOUR_MS);
  expect(await sweepOnce()).toBe(1_000);
  opened.clock.advance(1_000);
  expect(await sweepOnce()).toBe(1_000);
  opened.clock.advance(1_000);
  expect(await sweepOnce()).toBe(HOUR_MS);
});

test("forgets what was spent long ago, but no sum that a call is still counted in", async () => {
  const { store, clock } = opened;
  const { ids, effects } = aConversation();
  const runs = [aRun(ids), aRun(ids), aRun(ids)];
  const callOf = (index: number) =>
    aReservation({ runId: runs[index]?.id ?? "", ...ids, day: spendDay(clock.now()) });
  const [open, ended] = [callOf(0), callOf(1)];
  const commit = async (...all: readonly Effect[]) => {
    const step = { name: "spend", actor: "system", cause: "test", now: clock.now() };
    expect(await store.commit({ ...step, effects: all })).toBe("committed");
  };
  await commit(...effects, ...runs, ...runs.map(({ id }) => parkRun(id)), open, ended);
  await commit(spendNothing(ended.id));
  clock.advance(89 * DAY_MS);
  const late = callOf(2);
  await commit(late, spendNothing(late.id));
  clock.advance(2 * DAY_MS);
  const left = async () => {
    await sweepOnce();
    const all = { open, ended, late };
    const found = Object.entries(all).map(async ([name, { workId }]) => {
      const row = await store.first(spendOf, { key: `work:${workId}` });
      return row === undefined ? [] : [name];
    });
    return (await Promise.all(found)).flat();
  };
  expect(await left()).toEqual(["open", "late"]);
  await commit(spendNothing(open.id));
  clock.advance(HOUR_MS);
  expect(await left()).toEqual(["late"]);
});

function parkRun(id: string): Effect {
  return { type: "move-run", id, from: ["queued"], to: "parked", model: null, error: null };
}

function spendNothing(id: string): Effect {
  const none = { inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
  return { ...none, type: "settle-usage", id, state: "released" };
}
