import type { EpochMs } from "../core/clock.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import { MAX_SWEPT_ROWS } from "../core/effect/job-effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { KEEP_SPEND_DAYS } from "../core/spend/spend-scope.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import { expiredBeyond } from "../store/queries/expired-rows.ts";
import type { Reader } from "../store/store.ts";

const INTERVAL_MS = 60 * 60_000;
const SOON_MS = 1_000;
const DAY_MS = 24 * 60 * 60_000;
const KEEP_COUNTERS_MS = 2 * DAY_MS;
/** So long a late code is told why it no longer works, instead of that it is unknown. */
const KEEP_PAIRINGS_MS = 30 * DAY_MS;

/** Deletes what is past its time, at most 500 rows of a table at once; soon again while there is more, else in an hour. */
export function createSweepHandler({ store }: { readonly store: Reader }): JobHandler<"sweep"> {
  return {
    kind: "sweep",
    async run(context) {
      await context.settle(async (now) => {
        const sweeps = sweepsAt(now);
        const isMore = await hasMore(store, sweeps);
        return {
          name: "sweep",
          actor: "system",
          seen: [],
          effects: sweeps,
          settle: { kind: "snooze", untilMs: now + (isMore ? SOON_MS : INTERVAL_MS) },
        };
      });
    },
    onGiveUp: async (_job, _error, now) => ({ effects: [nextSweep(now + INTERVAL_MS)], seen: [] }),
  };
}

function sweepsAt(now: EpochMs): readonly EffectOf<"sweep">[] {
  return [
    { type: "sweep", table: "dedupe", beforeMs: now },
    { type: "sweep", table: "login_codes", beforeMs: now },
    { type: "sweep", table: "sessions", beforeMs: now },
    { type: "sweep", table: "pairings", beforeMs: now - KEEP_PAIRINGS_MS },
    { type: "sweep", table: "counters", beforeMs: now - KEEP_COUNTERS_MS },
    { type: "sweep", table: "spend", beforeMs: now - KEEP_SPEND_DAYS * DAY_MS },
  ];
}

async function hasMore(store: Reader, sweeps: readonly EffectOf<"sweep">[]): Promise<boolean> {
  for (const { table, beforeMs } of sweeps) {
    const row = await store.first(expiredBeyond[table], { beforeMs, count: MAX_SWEPT_ROWS });
    if (row !== undefined) return true;
  }
  return false;
}

export function nextSweep(runAtMs: EpochMs): Effect {
  return {
    type: "enqueue-job",
    job: {
      id: newId("job"),
      kind: "sweep",
      payload: {},
      lane: laneOf.sweep(),
      priority: PRIORITY.background,
      runAtMs,
    },
  };
}
