import type { Clock, EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import { laneOf } from "../core/job/lanes.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import type { Store } from "../store/store.ts";
import { nextSweep } from "./sweep.ts";
import { nextLook } from "./tell-overdue.ts";

interface Round {
  readonly lane: string;
  readonly next: (runAtMs: EpochMs) => Effect;
}

/** What comes round for ever, each in a lane of its own. */
const ROUNDS: readonly Round[] = [
  { lane: laneOf.sweep(), next: nextSweep },
  { lane: laneOf.overdue(), next: nextLook },
];

/** Makes sure that the next one of each is planned. */
export async function planRounds(deps: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<void> {
  await commitDecision(
    deps,
    { name: "plan-rounds", actor: "system", cause: "start" },
    async (now) => {
      const effects: Effect[] = [];
      for (const { lane, next } of ROUNDS) {
        const planned = await deps.store.all(jobsOfLane, { lane });
        if (planned.every((job) => job.state === "dead")) effects.push(next(now));
      }
      return { effects, seen: [] };
    },
  );
}
