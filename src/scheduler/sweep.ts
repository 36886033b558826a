import type { Clock, EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import type { Store } from "../store/store.ts";

const INTERVAL_MS = 60 * 60_000;
const KEEP_COUNTERS_MS = 2 * 24 * 60 * 60_000;

/** Deletes what is past its time, at most 500 rows of a table at once, and comes back in an hour. */
export const sweep: JobHandler<"sweep"> = {
  kind: "sweep",
  async run(context) {
    await context.settle(async (now) => ({
      name: "sweep",
      actor: "system",
      seen: [],
      effects: [
        { type: "sweep", table: "dedupe", beforeMs: now },
        { type: "sweep", table: "login_codes", beforeMs: now },
        { type: "sweep", table: "sessions", beforeMs: now },
        { type: "sweep", table: "counters", beforeMs: now - KEEP_COUNTERS_MS },
      ],
      settle: { kind: "snooze", untilMs: now + INTERVAL_MS },
    }));
  },
  onGiveUp: async (_job, _error, now) => ({ effects: [nextSweep(now + INTERVAL_MS)], seen: [] }),
};

/** Makes sure that a sweep is planned. */
export async function planSweep(deps: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<void> {
  await commitDecision(
    deps,
    { name: "plan-sweep", actor: "system", cause: "start" },
    async (now) => {
      const planned = await deps.store.all(jobsOfLane, { lane: laneOf.sweep() });
      const isPlanned = planned.some((job) => job.state !== "dead");
      return { effects: isPlanned ? [] : [nextSweep(now)], seen: [] };
    },
  );
}

function nextSweep(runAtMs: EpochMs): Effect {
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
