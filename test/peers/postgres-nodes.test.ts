import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../../src/core/abort.ts";
import { systemClock } from "../../src/core/clock.ts";
import { newId } from "../../src/core/ids.ts";
import type { Log } from "../../src/core/log.ts";
import type { Service } from "../../src/core/service.ts";
import { createPostgresEngine } from "../../src/orchestrator/engines/postgres-engine.ts";
import type { JobContext, JobHandler } from "../../src/orchestrator/job-handler.ts";
import { createWorkerPool } from "../../src/orchestrator/worker-pool.ts";
import { openPostgresStore, type PostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { countJobs } from "../../src/store/queries/jobs.ts";
import { settingByKey } from "../../src/store/queries/settings.ts";
import { statement } from "../../src/store/statement.ts";
import { aJob, enqueue } from "../contracts/fixtures.ts";
import { createDatabase, type TestDatabase } from "./postgres-backend.ts";

const url = process.env["AGENT_RUNTIME_TEST_POSTGRES_URL"];
if (url === undefined)
  throw new Error("AGENT_RUNTIME_TEST_POSTGRES_URL is not set: run this through `make test-peers`");
const server = url;

const counters = statement((db, _p: Record<never, never>) =>
  db.selectFrom("counters").select(["key", "count"]),
);
const FACT_WITHIN_MS = 60_000;
const HOUR_MS = 3_600_000;
const done = {
  name: "swept",
  actor: "system",
  effects: [],
  seen: [],
  settle: { kind: "done" },
} as const;

describe("nodes that share a Postgres", () => {
  let database: TestDatabase;
  let stores: PostgresStore[];
  let pools: Service[];

  beforeEach(async () => {
    database = await createDatabase(server);
    [stores, pools] = [[], []];
  });
  afterEach(async () => {
    for (const pool of pools) await pool.stop();
    for (const store of stores) await store.close();
    await database.drop();
  });

  const log: Log = { write: () => undefined };
  async function aStore(): Promise<PostgresStore> {
    const store = await openPostgresStore({
      url: database.url,
      clock: systemClock,
      onError: () => undefined,
    });
    stores.push(store);
    return store;
  }
  async function startWorkers(
    store: PostgresStore,
    run: JobHandler<"sweep">["run"],
    leaseMs = 60_000,
  ): Promise<void> {
    const pool = createWorkerPool({
      store,
      clock: systemClock,
      random: () => 0,
      log,
      engine: createPostgresEngine(store, { node: newId("epoch"), leaseMs }),
      handlers: [{ kind: "sweep", run, onGiveUp: async () => ({ effects: [], seen: [] }) }],
      sizes: { light: 3, heavy: 1 },
    });
    pools.push(pool);
    await pool.start(NEVER);
  }
  const commit = (store: PostgresStore, ...effects: Parameters<typeof enqueue>) =>
    store.commit({
      name: "test",
      actor: "system",
      cause: "test",
      now: systemClock.now(),
      effects: effects.map(enqueue),
    });
  const fact = <T>(read: () => Promise<T | undefined>) =>
    (stores[0] as PostgresStore).changes.waitFor(
      () => true,
      read,
      AbortSignal.timeout(FACT_WITHIN_MS),
    );
  const noJobs = () =>
    fact(async () =>
      (await (stores[0] as PostgresStore).all(countJobs, {}).catch(() => [0])).length === 0
        ? true
        : undefined,
    );
  /** Cuts the connections that `which` (SQL on `pg_stat_activity`) tells; returns how many there were. */
  const cut = async (which: string) =>
    (
      await database.run(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and ${which}`,
      )
    ).length;
  const LISTENERS = "query ilike 'listen%'";
  const listeners = async () =>
    (
      await database.run(`select 1 from pg_stat_activity where datname = current_database()
      and pid <> pg_backend_pid() and query ilike '%listen%agent_runtime%'`)
    ).length;

  test("hear of each other again after the connection they listen on is cut, and look at what they missed", async () => {
    const [one, two] = [await aStore(), await aStore()];
    const heard: string[] = [];
    one.changes.subscribe((changes) => heard.push(...changes.map(({ id }) => id)));
    expect(await cut(LISTENERS)).toBe(2);
    await fact(async () => (heard.includes("unheard") ? true : undefined));
    await fact(async () => ((await listeners()) === 2 ? true : undefined));
    const job = aJob("lane");
    await commit(two, job);
    await fact(async () => (heard.includes(job.id) ? true : undefined));
  });

  test("start a job that another one wrote, also when its notice was lost", async () => {
    const [one, two] = [await aStore(), await aStore()];
    await startWorkers(one, (context) => context.settle(async () => done));
    await cut(LISTENERS);
    await commit(two, aJob("first"));
    await noJobs();
    // Written as by a node that could tell nobody.
    await commit(two, aJob("later", { runAtMs: systemClock.now() + HOUR_MS }));
    await database.run("update jobs set run_at_ms = 0");
    await noJobs();
  });

  test("do all their work once although every connection is cut again and again", async () => {
    const [one, two] = [await aStore(), await aStore()];
    const run = (context: JobContext<"sweep">) =>
      context.settle(async () => ({
        ...done,
        effects: [{ type: "count", key: context.job.id, windowMs: 60_000, limit: 9 }],
      }));
    await startWorkers(one, run, 3_000);
    await startWorkers(two, run, 3_000);
    const jobs = Array.from({ length: 60 }, (_, n) => aJob(`lane-${n % 7}`, { id: `job_${n}` }));
    let stored = 0;
    for (const [n, job] of jobs.entries()) {
      if ((await commit(one, job).catch(() => "unavailable")) === "committed") stored += 1;
      if (n % 10 === 9) await cut("true");
    }
    await noJobs();
    const counts = await fact(() => two.all(counters, {}).catch(() => undefined));
    expect(counts.length).toBeGreaterThanOrEqual(stored);
    expect(counts.filter(({ count }) => count !== 1)).toEqual([]);
  });

  test("reach a running job with a cancel that nobody told of", async () => {
    const one = await aStore();
    let isStarted = false;
    await startWorkers(one, async (context) => {
      isStarted = true;
      await new Promise<void>((resolve) =>
        context.signal.addEventListener("abort", () => resolve()),
      );
      await context.settle(async () => ({
        ...done,
        effects: [{ type: "set-setting", key: "cancelled", value: String(context.isCancelled()) }],
      }));
    });
    await commit(one, aJob("lane"));
    await fact(async () => isStarted || undefined);
    await database.run("update jobs set cancel_at_ms = 1");
    await noJobs();
    expect(await one.first(settingByKey, { key: "cancelled" })).toEqual({ value: "true" });
  });

  test("never run a job beside its own earlier run, whose claim was taken back", async () => {
    const one = await aStore();
    let active = 0;
    let most = 0;
    let runs = 0;
    await startWorkers(one, async (context) => {
      runs += 1;
      active += 1;
      most = Math.max(most, active);
      try {
        if (runs === 1) {
          await new Promise<void>((resolve) =>
            context.signal.addEventListener("abort", () => resolve()),
          );
          // It takes its time to end: longer than the next round of claims.
          for (let n = 0; n < 20; n += 1) await one.first(settingByKey, { key: "none" });
          throw context.signal.reason;
        }
        await context.settle(async () => done);
      } finally {
        active -= 1;
      }
    });
    await commit(one, aJob("lane"));
    await fact(async () => (runs === 1 ? true : undefined));
    // As another node does with the claim of one that stood still for too long.
    await database.run(
      "update jobs set state = 'ready', claim_token = null, claimed_by = null, lease_until_ms = null",
    );
    await noJobs();
    expect({ runs, most }).toEqual({ runs: 2, most: 1 });
  });

  test("take over from a dead one although the server's clock was set back by hours", async () => {
    const one = await aStore();
    const [dead, next] = ["dead", "next"].map((node) =>
      createPostgresEngine(one, { node, leaseMs: 500 }),
    );
    if (dead === undefined || next === undefined) throw new Error("there are two");
    await commit(one, aJob("lane"));
    expect(await dead.claim("light", 1, systemClock.now())).toHaveLength(1);
    await dead.takeLease("the-lease", "t1", 500);
    await database.run(`update jobs set lease_until_ms = lease_until_ms + ${5 * HOUR_MS}`);
    await database.run(`update leases set until_ms = until_ms + ${5 * HOUR_MS}`);
    expect(await next.reclaim(systemClock.now())).toBe(0);
    expect(await next.takeLease("the-lease", "t2", 500)).toBe(false);
    await fact(async () => ((await next.reclaim(systemClock.now())) === 1 ? true : undefined));
    await fact(async () => (await next.takeLease("the-lease", "t2", 500)) || undefined);
  });
});
