import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { laneOf } from "../core/job/lanes.ts";
import { FINAL_TASK_STATUSES } from "../core/task/task.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { endTaskNow } from "./cancel-task.ts";
import { findTask } from "./find-by-tail.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { nameDecider, reviseRoutedCards } from "./revise-routed-card.ts";
import { requireMayEnd } from "./task-access.ts";

export interface CloseTaskInput {
  /** Its id or a unique tail of it. */
  readonly task: string;
  /** What came of it. */
  readonly summary: string;
  /** Whether that may be a stranger's words. */
  readonly isTainted: boolean;
  /** The conversation it is closed from, if any; it needs no second notice there. */
  readonly contextId: string | null;
}

export interface ClosedTask extends Decision {
  readonly taskId: string;
  readonly title: string;
}

/**
 * Ends a task that nobody works on as done, because it was done elsewhere; its summary is its result.
 * @throws AppError `not_found`, `conflict` (it is over, or worked on), `access_denied`, `invalid_input` (not a unique tail).
 */
export async function closeTask(
  deps: OperationDeps,
  actor: Actor,
  input: CloseTaskInput,
): Promise<ClosedTask> {
  const who = await authorize(deps, actor, "cancel:own-work");
  const task = await findTask(deps, actor, { text: input.task, contextId: input.contextId });
  requireMayEnd(who, task);
  if (FINAL_TASK_STATUSES.includes(task.status)) {
    throw new AppError("conflict", `Task ${task.id} is over already: ${task.status}.`);
  }
  const jobs = await deps.store.all(jobsOfLane, { lane: laneOf.task(task.id) });
  if (task.status === "running" || jobs.some(({ state }) => state === "running")) {
    throw new AppError(
      "conflict",
      `Task ${task.id} is being worked on, and what comes of it is its own result. To stop it, the person can send /cancel ${task.id}.`,
    );
  }
  const { summary: resultText, isTainted: taint } = input;
  const end = { to: "succeeded", told: "was closed", resultText, taint } as const;
  const by = nameDecider(actor);
  const { effects, seen } = await endTaskNow(deps, task, { contextId: input.contextId, by }, end);
  const cards = await reviseRoutedCards(deps, {
    taskId: task.id,
    wording: task.wording,
    status: end.to,
    isEnding: false,
    decision: { what: "Closed", by },
  });
  return {
    effects: [...effects, ...cards],
    seen: [...who.seen, { table: "tasks", id: task.id, version: task.version }, ...seen],
    taskId: task.id,
    title: task.title,
  };
}
