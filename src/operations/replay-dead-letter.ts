import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { JobRow } from "../store/queries/jobs.ts";
import type { Reader } from "../store/store.ts";
import { findDeadLetter } from "./find-dead-letter.ts";
import { judgeDeadLetter } from "./judge-dead-letter.ts";
import type { OperationDeps } from "./operation.ts";

export interface ReplayedDeadLetter extends Decision {
  readonly job: JobRow;
}

/**
 * Lets the work of a dead letter be done again, with fresh attempts; refuses, and says what to do instead, when that
 * would do nothing.
 * @throws AppError `not_found`, `conflict`, `access_denied`, `invalid_input` (not a unique tail).
 */
export async function replayDeadLetter(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly deadLetter: string },
): Promise<ReplayedDeadLetter> {
  const { job, who } = await findDeadLetter(deps, actor, input.deadLetter);
  const { effects, seen } = await replayOf(deps.store, job);
  return { effects, seen: [...who.seen, ...seen], job };
}

/** What does a dead letter over. @throws AppError `conflict` when it would do nothing. */
export async function replayOf(store: Reader, job: JobRow): Promise<Decision> {
  const { replay, advice } = await judgeDeadLetter(store, job);
  if (replay === undefined) throw new AppError("conflict", advice);
  return {
    effects: [...replay.effects, { type: "replay-job", jobId: job.id, lane: job.lane }],
    seen: replay.seen,
  };
}
