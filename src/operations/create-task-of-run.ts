import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import type { TaskPriority } from "../core/task/task.ts";
import { isTaskForAdminsOnly } from "../store/queries/for-admins-only.ts";
import { type RunRow, runRowById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import { type CreatedTask, createTask } from "./create-task.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import type { ModelDeps } from "./start-model.ts";
import { takeFromCounter } from "./take-from-counter.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A task that a person asked for may make tasks, those may, and those may not any more. */
export const DEEPEST_TASK = 2;
export const MOST_TASKS_OF_RUN = 5;
/** Of all that follows from one message or request, in a day. */
const MOST_TASKS_OF_CAUSE = 20;

export interface TaskOfRun {
  /** The run that asks for it. */
  readonly runId: string;
  readonly title: string;
  readonly prompt: string;
  readonly priority: TaskPriority;
  /** Whether the run has read what a stranger wrote. */
  readonly isTainted: boolean;
}

/**
 * Creates a task that the agent asks for at work. It is done on the account of whoever the work is for, with the role they
 * have then; its result comes to the same conversation. Work cannot go on making work for ever.
 * @throws AppError as `createTask`; `rate_limited` when there are enough of them.
 */
export async function createTaskOfRun(
  deps: ModelDeps,
  actor: Actor,
  { runId, title, prompt, priority, isTainted }: TaskOfRun,
): Promise<CreatedTask> {
  await authorize(deps, actor, "create:task");
  const run = await deps.store.first(runRowById, { id: runId });
  if (run === undefined) throw new AppError("not_found", "The run that asks for it is gone.");
  const taken = await takeTask(deps, run);
  const { depth, isForAdminsOnly } = await standingOf(deps, run);
  const created = await createTask(deps, actor, {
    title,
    prompt,
    priority,
    // What no group hears of makes nothing that it does.
    routeClass: isForAdminsOnly ? "moderation" : "task",
    place: { contextId: run.context_id },
    // Nobody who waits for the answer to a message waits for what is done later.
    messageId: null,
    work: { depth },
    isTainted: isTainted || run.taint === 1,
  });
  return { ...created, effects: [...taken, ...created.effects] };
}

/** Also for what makes a task of another one again. @throws AppError `rate_limited`. */
export async function takeTask(deps: OperationDeps, run: Pick<RunRow, "id" | "cause">) {
  const ofRun = { key: `tasks-of-run:${run.id}`, windowMs: DAY_MS, limit: MOST_TASKS_OF_RUN };
  const ofCause = {
    key: `tasks-of-cause:${run.cause}`,
    windowMs: DAY_MS,
    limit: MOST_TASKS_OF_CAUSE,
  };
  const taken = [await takeFromCounter(deps, ofRun), await takeFromCounter(deps, ofCause)];
  const effects = taken.filter((one) => one !== undefined);
  if (effects.length === taken.length) return effects;
  throw new AppError(
    "rate_limited",
    `Enough tasks were made: a piece of work makes ${MOST_TASKS_OF_RUN} at most, and all that follows from one request ${MOST_TASKS_OF_CAUSE} in a day. Do the rest here, or tell the person.`,
  );
}

async function standingOf(
  { store }: OperationDeps,
  { task_id: id }: RunRow,
): Promise<{ readonly depth: number; readonly isForAdminsOnly: boolean }> {
  const parent = id === null ? undefined : await store.first(taskById, { id });
  if (parent === undefined) return { depth: 0, isForAdminsOnly: false };
  if (parent.depth >= DEEPEST_TASK) {
    throw new AppError(
      "rate_limited",
      "This task was made by one that was itself made by a task: it makes no more of them. Do it here, or say in the result what is left to do.",
    );
  }
  const hidden = await store.first(isTaskForAdminsOnly, { id: parent.id });
  return { depth: parent.depth + 1, isForAdminsOnly: hidden?.is_hidden === 1 };
}
