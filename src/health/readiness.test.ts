import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import { newId } from "../core/ids.ts";
import type { Service } from "../core/service.ts";
import { createSqliteEngine } from "../orchestrator/engines/sqlite-engine.ts";
import { createWorkerPool } from "../orchestrator/worker-pool.ts";
import { lastAudit } from "../store/queries/bookkeeping.ts";
import { createLoopLag } from "./loop-lag.ts";
import { createReadiness } from "./readiness.ts";
import { runProbe } from "./run-probe.ts";

let test: TestStore;
let workers: Service;
let enqueued: Set<string>;
let lagMs: number;
const log = { write: () => undefined };

beforeEach(async () => {
  test = await openTestStore();
  lagMs = 0;
  enqueued = new Set();
  test.store.changes.subscribe((changes) => {
    for (const change of changes) if (change.topic === "jobs") enqueued.add(change.id);
  });
  workers = createWorkerPool({
    store: test.store,
    clock: test.clock,
    random: () => 0,
    log,
    engine: createSqliteEngine(test.store, test.clock, newId("epoch")),
    handlers: [runProbe],
    sizes: { light: 3, heavy: 1 },
  });
});
afterEach(async () => {
  await workers.stop();
  await test.close();
});

const open = () =>
  createReadiness({
    store: test.store,
    clock: test.clock,
    log,
    loopLag: { recentMaxMs: () => lagMs },
  });
const start = () => workers.start(new AbortController().signal);

/** Settles with what `work` does, moving the clock on while it waits. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    test.clock.advance(10);
  }
  return done;
}

it("is ready when a worker finishes a probe; callers at the same time share it, and a second later too", async () => {
  await start();
  const readiness = open();
  const answers = await inTime(Promise.all(Array.from({ length: 50 }, () => readiness.check())));
  expect(answers).toEqual(Array(50).fill({ isReady: true }));
  expect(await readiness.check()).toEqual({ isReady: true });
  expect(enqueued.size).toBe(1);
  test.clock.advance(1_001);
  expect(await inTime(readiness.check())).toEqual({ isReady: true });
  expect(enqueued.size).toBe(2);
});

it("leaves no audit row", async () => {
  await start();
  await inTime(open().check());
  expect(await test.store.first(lastAudit, {})).toBeUndefined();
});

it("is not ready while no worker lives, asks with one probe only, and comes back", async () => {
  const readiness = open();
  for (let round = 0; round < 3; round += 1) {
    const answer = await inTime(readiness.check());
    expect(answer).toEqual({
      isReady: false,
      reasons: ["No worker has finished a probe within 5 seconds."],
    });
  }
  expect(enqueued.size).toBe(1);
  await start();
  expect(await inTime(readiness.check())).toEqual({ isReady: true });
  expect(enqueued.size).toBe(1);
});

it("is not ready while the store takes no writes, and comes back", async () => {
  await start();
  const readiness = open();
  const other = new Database(test.dbPath);
  other.exec(
    "create trigger refuse before insert on jobs begin select raise(abort, 'no room'); end",
  );
  expect(await inTime(readiness.check())).toEqual({
    isReady: false,
    reasons: ["The store takes no writes."],
  });
  other.exec("drop trigger refuse");
  other.close();
  expect(await inTime(readiness.check())).toEqual({ isReady: true });
});

it("is not ready when the process stood still, and comes back", async () => {
  await start();
  const loopLag = createLoopLag(test.clock);
  await loopLag.start(new AbortController().signal);
  const readiness = createReadiness({ store: test.store, clock: test.clock, log, loopLag });
  const end = performance.now() + 1_300;
  while (performance.now() < end);
  const stalled = await readiness.check();
  expect(stalled).toEqual({
    isReady: false,
    reasons: [expect.stringMatching(/^The process stood still for \d{4,} ms\.$/)],
  });
  await expect
    .poll(() => {
      test.clock.advance(5_000);
      return loopLag.recentMaxMs();
    })
    .toBeLessThan(1_000);
  expect(await inTime(readiness.check())).toEqual({ isReady: true });
  await loopLag.stop();
  await loopLag.stop();
});
