import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { JobRow } from "../store/queries/jobs.ts";
import type { Reader } from "../store/store.ts";
import { findDeadLetter } from "./find-dead-letter.ts";
import { type Drop, judgeDeadLetter } from "./judge-dead-letter.ts";
import type { OperationDeps } from "./operation.ts";

export interface DroppedDeadLetter extends Decision {
  readonly job: JobRow;
}

/**
 * Gives a dead letter up for good; refuses while something waits for its work.
 * @throws AppError `not_found`, `conflict`, `access_denied`, `invalid_input` (not a unique tail).
 */
export async function dropDeadLetter(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly deadLetter: string; readonly reason: string },
): Promise<DroppedDeadLetter> {
  const { job, who } = await findDeadLetter(deps, actor, input.deadLetter);
  const { effects, seen } = await dropOf(deps.store, job, { by: actor.id, reason: input.reason });
  return { effects, seen: [...who.seen, ...seen], job };
}

/** What gives a dead letter up. @throws AppError `conflict` when something would be left open for ever. */
export async function dropOf(store: Reader, job: JobRow, by: Drop): Promise<Decision> {
  const { drop, advice } = await judgeDeadLetter(store, job);
  if (drop === undefined) throw new AppError("conflict", advice);
  const { effects, seen } = drop(by);
  return { effects: [...effects, { type: "drop-job", jobId: job.id }], seen };
}
