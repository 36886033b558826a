import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { laneOf } from "../core/job/lanes.ts";
import type { DeliveryRow } from "../store/queries/deliveries.ts";
import { findDeadJobIdsByTail, type JobRow, jobById, jobsOfLane } from "../store/queries/jobs.ts";
import type { Reader } from "../store/store.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const DEAD_LETTER: Noun = { prefix: "job", name: "dead letter" };

export interface FoundDeadLetter {
  readonly job: JobRow;
  readonly who: Authorized;
}

/**
 * Finds a dead letter by the id of its job or any unique tail of six characters or more.
 * @throws AppError `conflict` (the job is not dead), `not_found`, `invalid_input` (too short, or several), `access_denied`.
 */
export async function findDeadLetter(
  deps: OperationDeps,
  actor: Actor,
  text: string,
): Promise<FoundDeadLetter> {
  const who = await authorize(deps, actor, "manage:dead-letters");
  const typed = cleanId(text);
  const exact = await deps.store.first(jobById, { id: typed });
  if (exact !== undefined) return { job: requireDead(exact), who };
  const ids = await findDeadJobIdsByTail(deps.store, tailOf(typed, DEAD_LETTER));
  const job = await deps.store.first(jobById, { id: onlyId(ids, DEAD_LETTER, typed) });
  if (job === undefined) throw notFound(DEAD_LETTER, typed);
  return { job: requireDead(job), who };
}

function requireDead(job: JobRow): JobRow {
  if (job.state === "dead") return job;
  throw new AppError("conflict", `Job ${job.id} is ${job.state}: it is no dead letter.`);
}

/** The job that was given up with a dead delivery. */
export async function deadLetterOf(store: Reader, row: DeliveryRow): Promise<JobRow> {
  const lane = row.kind === "mail" ? laneOf.mail(row.id) : laneOf.outbound(row.context_id);
  const jobs = await store.all(jobsOfLane, { lane });
  const job = jobs.find(
    ({ kind, state, payload }) =>
      kind === "deliver" && state === "dead" && JSON.parse(payload).deliveryId === row.id,
  );
  if (job === undefined) throw new AppError("internal", `dead delivery ${row.id} has no job`);
  return job;
}
