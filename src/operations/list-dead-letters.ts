import type { Actor } from "../core/access/actor.ts";
import type { JobKind } from "../core/job/job.ts";
import { type JobRow, listDeadJobs } from "../store/queries/jobs.ts";
import { judgeDeadLetter, type Standing } from "./judge-dead-letter.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { parseCursor, toPage } from "./page.ts";

export interface DeadLetter {
  readonly job: JobRow;
  readonly standing: Standing;
}

export interface DeadLetterPage {
  /** Newest first. */
  readonly items: readonly DeadLetter[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** All work that was given up and kept, with what can be done about each. @throws AppError `invalid_input` (cursor), `access_denied`. */
export async function listDeadLetters(
  deps: OperationDeps,
  actor: Actor,
  input: {
    readonly kind?: JobKind | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<DeadLetterPage> {
  await authorize(deps, actor, "manage:dead-letters");
  const { kind, limit, cursor } = input;
  const rows = await listDeadJobs(deps.store, {
    kind,
    beforeSeq: parseCursor(cursor, "j"),
    limit: limit + 1,
  });
  const { items, nextCursor } = toPage(rows, limit, "j");
  const letters: DeadLetter[] = [];
  for (const job of items) letters.push({ job, standing: await judgeDeadLetter(deps.store, job) });
  return { items: letters, nextCursor };
}
