import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { laneOf } from "../core/job/lanes.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { pendingMessagesOfRun } from "../store/queries/messages.ts";
import { openTurnsOfContext, type RunRow } from "../store/queries/runs.ts";
import type { JobsTable } from "../store/tables/jobs.ts";
import { endCancelledRun } from "./end-cancelled-run.ts";
import { endFetching } from "./end-fetching.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { outcomesIn } from "./outcome-lines.ts";
import { nameDecider } from "./revise-routed-card.ts";
import { withdrawDraft } from "./withdraw-draft.ts";

export interface CancelledTurns extends Decision {
  /** Waited for their time and are over now. */
  readonly cancelledRunIds: readonly string[];
  /** What those had done before that people decided about. */
  readonly outcomes: RichText;
  /** End at their next step. */
  readonly stoppingRunIds: readonly string[];
  /** Turns of other people here that the actor may not end. */
  readonly leftAlone: number;
}

/**
 * Cancels the turns of a conversation, or one of them: those that wait at once, a running one at its next step.
 * From operator up everybody's, else only the actor's own.
 * @throws AppError `unauthenticated`, `access_denied`.
 */
export async function cancelTurn(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly contextId: string; readonly runId?: string | undefined },
): Promise<CancelledTurns> {
  const who = await authorize(deps, actor, "cancel:own-work");
  const turns = await deps.store.all(openTurnsOfContext, { contextId: input.contextId });
  const meant = turns.filter(({ id }) => input.runId === undefined || id === input.runId);
  const mayAll = may(who.role, "cancel:any-work");
  const jobs = await deps.store.all(jobsOfLane, { lane: laneOf.turn(input.contextId) });

  const by = nameDecider(actor);
  const effects: Effect[] = [];
  const seen: Seen[] = [...who.seen];
  const cancelledRunIds: string[] = [];
  const outcomes: RichText[] = [];
  const stoppingRunIds: string[] = [];
  let leftAlone = 0;
  for (const run of meant) {
    if (!mayAll && run.user_id !== who.userId) {
      leftAlone += 1;
      continue;
    }
    const job = jobs.find((one) => one.state !== "dead" && isJobOf(one, run));
    if (job?.state === "running") {
      stoppingRunIds.push(run.id);
      if (job.cancel_at_ms === null) effects.push({ type: "cancel-job", jobId: job.id, by });
      continue;
    }
    cancelledRunIds.push(run.id);
    if (job !== undefined) effects.push({ type: "remove-job", jobId: job.id, lane: job.lane });
    effects.push(
      ...(await endFetching(deps.store, jobs, () =>
        deps.store.all(pendingMessagesOfRun, { runId: run.id }),
      )),
    );
    outcomes.push(await outcomesIn(deps, input.contextId, { runId: run.id, taskId: null }));
    const end = await endCancelledRun(deps, run, by);
    const draft = await withdrawDraft(deps.store, run.id, deps.now);
    effects.push(...end.effects, ...draft.effects);
    seen.push(...end.seen, ...draft.seen);
  }
  return { effects, seen, cancelledRunIds, outcomes: outcomes.flat(), stoppingRunIds, leftAlone };
}

export function isJobOf(job: Pick<JobsTable, "payload">, run: RunRow): boolean {
  return (JSON.parse(job.payload) as { runId?: string }).runId === run.id;
}
