import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Commit, Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { JobContext } from "../orchestrator/job-handler.ts";

const MOST_DECISIONS = 5;

/**
 * An intermediate commit, decided again while facts change. A decision without effects commits nothing.
 * @throws AppError `unavailable` when the facts never stood still.
 */
export async function commitStep<D extends Decision>(
  context: Pick<JobContext, "commit">,
  clock: Clock,
  name: string,
  decide: (now: EpochMs) => Promise<D>,
  options: Pick<Commit, "isSyncedWithNext"> = {},
): Promise<D> {
  for (let attempt = 1; attempt <= MOST_DECISIONS; attempt += 1) {
    const now = clock.now();
    const decision = await decide(now);
    if (decision.effects.length === 0) return decision;
    const { effects, seen } = decision;
    const actor = SYSTEM_ACTOR.id;
    const result = await context.commit({ name, actor, now, effects, seen, ...options });
    if (result === "committed") return decision;
  }
  throw new AppError("unavailable", "The facts kept changing while this was being decided.");
}
