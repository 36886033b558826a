import type { Effect } from "../../src/core/effect/effect.ts";
import type { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Finding, Measurement } from "../measurement.ts";
import { openBenchStore } from "../open-bench-store.ts";
import { median, percentile, round } from "../statistics.ts";

const WARM_UP = 1_000;
const COMMITS = 4_000;
const TOGETHER = 50;

export const commitLatency: Measurement = {
  title: "Commit",
  method: `One job enqueued with its audit row, from the call of commit to its promise: ${COMMITS} times alone, and ${TOGETHER} at once.`,
  async run(place) {
    const store = openBenchStore(place);
    try {
      await timeCommits(store, WARM_UP, 1);
      return [
        finding("Commit alone, p99", await timeCommits(store, COMMITS, 1)),
        finding(
          `Commit with ${TOGETHER} at once, p99`,
          await timeCommits(store, COMMITS, TOGETHER),
        ),
      ];
    } finally {
      await store.close();
    }
  },
};

let count = 0;

async function timeCommits(
  store: SqliteStore,
  commits: number,
  together: number,
): Promise<readonly number[]> {
  const takenMs: number[] = [];
  const commitOne = async (): Promise<void> => {
    const startMs = performance.now();
    await store.commit({
      name: "enqueue",
      actor: "system",
      cause: "bench",
      now: Date.now(),
      effects: [enqueue()],
    });
    takenMs.push(performance.now() - startMs);
  };
  while (takenMs.length < commits) await Promise.all(Array.from({ length: together }, commitOne));
  return takenMs;
}

function enqueue(): Effect {
  count += 1;
  return {
    type: "enqueue-job",
    job: {
      id: `job_${count}`,
      kind: "sweep",
      payload: {},
      lane: `lane-${count}`,
      priority: 1,
      runAtMs: 0,
    },
  };
}

function finding(name: string, takenMs: readonly number[]): Finding {
  return {
    name,
    value: round(percentile(takenMs, 0.99)),
    unit: "ms",
    details: { p50Ms: round(median(takenMs)), maxMs: round(Math.max(...takenMs)) },
  };
}
