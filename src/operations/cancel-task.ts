import type { Actor } from "../core/access/actor.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { laneOf } from "../core/job/lanes.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { FINAL_RUN_STATES } from "../core/run/run.ts";
import { FINAL_TASK_STATUSES, summaryOf, type TaskStatus } from "../core/task/task.ts";
import { contextById } from "../store/queries/contexts.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { runRowById } from "../store/queries/runs.ts";
import type { TaskRow } from "../store/queries/tasks.ts";
import { endCancelledRun } from "./end-cancelled-run.ts";
import { endFetching } from "./end-fetching.ts";
import { findTask } from "./find-by-tail.ts";
import { findTriagedMessage } from "./find-triaged-message.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { outcomesIn } from "./outcome-lines.ts";
import { messagesBehindTask } from "./parts-of-album.ts";
import { nameDecider, reviseRoutedCards } from "./revise-routed-card.ts";
import { requireMayEnd } from "./task-access.ts";

export interface CancelTaskInput {
  /** Its id or a unique tail of it. */
  readonly task: string;
  /** The conversation it is cancelled from, if any; it needs no second notice there. */
  readonly contextId: string | null;
}

export interface CancelledTask extends Decision {
  readonly taskId: string;
  readonly title: string;
  /** `cancelled`: it is over. Else it was asked to end and does so at its next step. */
  readonly status: TaskStatus;
  /**
   * What it had done before that people decided about. Empty while it runs, for then it says so itself, and away from its
   * conversation, where it is told.
   */
  readonly outcomes: RichText;
}

/**
 * Cancels a task: at once when nobody works on it, else at its next step. Cancelling twice changes nothing.
 * @throws AppError `not_found`, `conflict` (it has finished), `access_denied`, `invalid_input` (not a unique tail).
 */
export async function cancelTask(
  deps: OperationDeps,
  actor: Actor,
  input: CancelTaskInput,
): Promise<CancelledTask> {
  const who = await authorize(deps, actor, "cancel:own-work");
  const task = await findTask(deps, actor, { text: input.task, contextId: input.contextId });
  requireMayEnd(who, task);
  if (FINAL_TASK_STATUSES.includes(task.status)) {
    throw new AppError("conflict", `Task ${task.id} has finished already: ${task.status}.`);
  }
  const by = nameDecider(actor);
  const { contextId } = input;
  const { effects, seen, status, outcomes } = await endTaskNow(deps, task, { contextId, by });
  const cards = await reviseRoutedCards(deps, {
    taskId: task.id,
    wording: task.wording,
    status,
    isEnding: status !== "cancelled",
    decision: { what: "Cancelled", by },
  });
  return {
    effects: [...effects, ...cards],
    seen: [...who.seen, { table: "tasks", id: task.id, version: task.version }, ...seen],
    taskId: task.id,
    title: task.title,
    status,
    outcomes,
  };
}

/** How a task is ended without being worked on. */
interface EndNow {
  readonly to: "cancelled" | "succeeded";
  /** Said of it where somebody waits for it. */
  readonly told: string;
  readonly resultText: string | null;
  /** Whether that may be a stranger's words. */
  readonly taint: boolean;
}

const CANCELLED: EndNow = {
  to: "cancelled",
  told: "was cancelled",
  resultText: null,
  taint: false,
};

/** Who ends it, and where it needs no second notice. */
export interface EndedFrom {
  readonly contextId: string | null;
  readonly by: string;
}

/** Ends an open task that was found and may be ended. One that is worked on ends at its next step, as cancelled. */
export async function endTaskNow(
  deps: OperationDeps,
  task: TaskRow,
  { contextId, by }: EndedFrom,
  end = CANCELLED,
): Promise<Decision & Pick<CancelledTask, "status" | "outcomes">> {
  const jobs = await deps.store.all(jobsOfLane, { lane: laneOf.task(task.id) });
  const job = jobs.find(({ kind, state }) => kind === "run-task" && state !== "dead");
  if (job?.state === "running") {
    const effects: Effect[] =
      job.cancel_at_ms === null ? [{ type: "cancel-job", jobId: job.id, by }] : [];
    return { effects, seen: [], status: task.status, outcomes: [] };
  }
  const outcomes = await outcomesIn(deps, task.context_id, { runId: null, taskId: task.id });
  const run = await endRunOf(deps, task, by);
  const effects: Effect[] = [
    ...(job === undefined ? [] : [{ type: "remove-job", jobId: job.id, lane: job.lane } as const]),
    ...(await endFetching(deps.store, jobs, () => messagesBehindTask(deps.store, task.message_id))),
    ...run.effects,
    {
      type: "move-task",
      id: task.id,
      from: [task.status],
      to: end.to,
      runId: null,
      resultSummary: end.resultText === null ? null : summaryOf(end.resultText),
      resultText: end.resultText,
      errorMessage: null,
      ...(end.taint ? { taint: true } : {}),
    },
    ...(await tellOrigin(deps, task, contextId, { ...end, outcomes })),
  ];
  const isThere = task.context_id === contextId;
  return { effects, seen: run.seen, status: end.to, outcomes: isThere ? outcomes : [] };
}

async function endRunOf(deps: OperationDeps, task: TaskRow, by: string): Promise<Decision> {
  const run =
    task.run_id === null ? undefined : await deps.store.first(runRowById, { id: task.run_id });
  if (run === undefined || FINAL_RUN_STATES.includes(run.state)) return { effects: [], seen: [] };
  return await endCancelledRun(deps, run, by);
}

/** Who waits for the result elsewhere must learn that there will be none. What triage made, nobody waits for. */
async function tellOrigin(
  { store, now }: OperationDeps,
  task: TaskRow,
  contextId: string | null,
  { told, resultText, outcomes }: EndNow & { readonly outcomes: RichText },
): Promise<readonly Effect[]> {
  if (task.context_id === contextId || (await findTriagedMessage(store, task)) !== undefined)
    return [];
  const context = await store.first(contextById, { id: task.context_id });
  if (context === undefined) return [];
  const notice = queueReply({
    context,
    body: doc(
      ...outcomes,
      p("Task ", code(task.id), ` ${told}: `, code(task.title)),
      ...(resultText === null ? [] : [p(resultText)]),
    ),
    messageId: task.message_id,
    runId: null,
    taskId: task.id,
    replyToExternalId: null,
    now,
  });
  return [notice];
}
