import { join } from "node:path";
import Database from "better-sqlite3";
import { systemClock } from "../../src/core/clock.ts";
import type { Effect } from "../../src/core/effect/effect.ts";
import type { Log } from "../../src/core/log.ts";
import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../../src/orchestrator/job-handler.ts";
import { createWorkerPool } from "../../src/orchestrator/worker-pool.ts";
import type { Measurement, Place } from "../measurement.ts";
import { openBenchStore } from "../open-bench-store.ts";
import { median, round } from "../statistics.ts";

const JOBS = 10_000;
const WARM_UP = 2_000;
const LANES = 1_000;
const ROUNDS = 3;
const SILENT: Log = { write: () => undefined };

export const queueThroughput: Measurement = {
  title: "Queue",
  method:
    `${JOBS} jobs of ${LANES} lanes, 50 at a time, each claimed, run and ended in a commit of its own with its audit row, ` +
    "beside a bare better-sqlite3 loop of as many inserts, each committed and synced on its own. What ends together shares a sync: that is how it can be faster.",
  async run(place) {
    await measureQueue(place, WARM_UP);
    measureBareLoop(place, WARM_UP);
    const rounds = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      rounds.push({
        bare: measureBareLoop(place, JOBS),
        ours: await measureQueue(place, JOBS),
      });
    }
    return [
      {
        name: "Queue: jobs a second, beside bare better-sqlite3 commits",
        value: round(median(rounds.map(({ bare, ours }) => ours / bare))),
        unit: "×",
        aim: { kind: "at least", value: 0.4 },
        details: {
          jobsPerSecond: round(median(rounds.map(({ ours }) => ours)), 0),
          bareCommitsPerSecond: round(median(rounds.map(({ bare }) => bare)), 0),
          rounds: rounds.map(({ bare, ours }) => round(ours / bare)),
        },
      },
    ];
  },
};

function measureBareLoop(place: Place, commits: number): number {
  const database = new Database(join(place.makeDirectory(), "bare.sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table rows (id integer primary key, value text)");
  const insert = database.prepare("insert into rows (value) values (?)");
  const value = "x".repeat(100);
  const startMs = performance.now();
  for (let n = 0; n < commits; n += 1) insert.run(value);
  const perSecond = (commits * 1_000) / (performance.now() - startMs);
  database.close();
  return perSecond;
}

async function measureQueue(place: Place, jobs: number): Promise<number> {
  const store = openBenchStore(place);
  for (let n = 0; n < jobs; n += 500) {
    const effects = Array.from({ length: 500 }, (_, k) => enqueue(n + k));
    await store.commit({ name: "enqueue", actor: "system", cause: "bench", now: 0, effects });
  }
  let onLast: () => void = () => undefined;
  const allDone = new Promise<void>((resolve) => {
    onLast = resolve;
  });
  const pool = createWorkerPool({
    store,
    clock: systemClock,
    random: Math.random,
    log: SILENT,
    engine: createSqliteEngine(store, systemClock, "epoch"),
    sizes: { light: 50, heavy: 1 },
    handlers: [countingHandler(jobs, onLast)],
  });
  const startMs = performance.now();
  await pool.start(new AbortController().signal);
  await allDone;
  const perSecond = (jobs * 1_000) / (performance.now() - startMs);
  await pool.stop();
  await store.close();
  return perSecond;
}

function enqueue(n: number): Effect {
  return {
    type: "enqueue-job",
    job: {
      id: `job_${n}`,
      kind: "sweep",
      payload: {},
      lane: `lane-${n % LANES}`,
      priority: 1,
      runAtMs: 0,
    },
  };
}

function countingHandler(jobs: number, onLast: () => void): JobHandler<"sweep"> {
  let done = 0;
  return {
    kind: "sweep",
    async run({ settle }) {
      await settle(async () => ({
        name: "count",
        actor: "system",
        seen: [],
        effects: [],
        settle: { kind: "done" },
      }));
      done += 1;
      if (done === jobs) onLast();
    },
    onGiveUp: async () => ({ effects: [], seen: [] }),
  };
}
