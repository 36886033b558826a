import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { laneOf } from "../core/job/lanes.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import type { RunRow } from "../store/queries/runs.ts";
import { isJobOf } from "./cancel-turn.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/**
 * Takes a turn back that has not begun, because the person has put something else in the place of what they asked.
 * A turn that begins meanwhile is a conflict. @throws AppError `unauthenticated`, `access_denied`.
 */
export async function withdrawTurn(
  deps: OperationDeps,
  actor: Actor,
  run: RunRow,
): Promise<Decision> {
  const who = await authorize(deps, actor, "converse");
  if (run.user_id !== who.userId) {
    throw new AppError("access_denied", "Only whoever asked can take a question back.");
  }
  const jobs = await deps.store.all(jobsOfLane, { lane: laneOf.turn(run.context_id) });
  const job = jobs.find((one) => one.state !== "dead" && isJobOf(one, run));
  return {
    seen: [...who.seen, { table: "runs", id: run.id, version: run.version }],
    effects: [
      ...(job === undefined
        ? []
        : [{ type: "remove-job", jobId: job.id, lane: job.lane } as const]),
      {
        type: "move-run",
        id: run.id,
        from: ["queued"],
        to: "cancelled",
        model: null,
        error: "replaced by an edit",
      },
      ...(run.message_id === null
        ? []
        : [
            {
              type: "settle-message",
              id: run.message_id,
              outcome: "dropped",
              reason: "replaced",
            } as const,
          ]),
    ],
  };
}
