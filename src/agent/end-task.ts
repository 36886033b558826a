import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { type AppError, describeError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { FINAL_RUN_STATES, type RunState } from "../core/run/run.ts";
import { FINAL_TASK_STATUSES, summaryOf, type TaskStatus } from "../core/task/task.ts";
import { endOpenWork, type WorkEnd } from "../operations/end-open-work.ts";
import { readOutcomes } from "../operations/outcome-lines.ts";
import { reviseRoutedCards } from "../operations/revise-routed-card.ts";
import type { ClaimedJob, Settlement } from "../orchestrator/job-handler.ts";
import { type TaskWork, taskWorkById } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import { answerReply, taskEndedReply, taskFailedReply, taskStoppedReply } from "./agent-replies.ts";
import { GIVEN_UP, MODEL_OFF } from "./journal.ts";
import { richTextToMarkdown } from "./rich-text-to-markdown.ts";
import { stopped } from "./stopped.ts";
import { tellOfModelOff } from "./tell-of-model-off.ts";
import { happenedTo, readersOfResult, tellAdminsToo, tellRequester } from "./tell-of-task.ts";
import { isDecided, WHY_MODEL_OFF, whyGivenUp, whyUnanswered } from "./why-failed.ts";
import type { Ended, Unanswered } from "./work.ts";
import type { EndingDeps } from "./work-scene.ts";

const OPEN_TASK: readonly TaskStatus[] = ["queued", "running", "blocked"];
const OPEN_RUN: readonly RunState[] = ["queued", "running", "parked"];
const DONE = { actor: SYSTEM_ACTOR.id, settle: { kind: "done" } } as const;
const NOTHING: Decision = { effects: [], seen: [] };

/** The end of a job whose task is over already. */
export const TASK_ALREADY_OVER: Settlement = { name: "task-already-over", ...NOTHING, ...DONE };

interface Ending {
  readonly to: "succeeded" | "failed" | "cancelled";
  /** Of the run, where that says more. */
  readonly runTo?: RunState;
  readonly error: string | null;
  readonly resultText: string | null;
  readonly body: RichText;
  /** Ends what the run still has open. */
  readonly closing: Decision;
}

/** The task; `undefined` when there is none or it is over. */
export async function loadOpenTask(store: Store, taskId: string): Promise<TaskWork | undefined> {
  const work = await loadWork(store, taskId);
  return work === undefined || FINAL_TASK_STATUSES.includes(work.status) ? undefined : work;
}

export async function finishTask(
  { store, mayOffer }: EndingDeps,
  taskId: string,
  ended: Ended,
  now: EpochMs,
): Promise<Settlement> {
  if (ended.kind !== "answered") {
    const failed = await endUnanswered(store, taskId, ended, now);
    return { name: "fail-task", ...failed, ...DONE };
  }
  const { lines, isAllDone } = await outcomesOf(store, await loadOpenTask(store, taskId));
  const answer = [...lines, ...(await answerReply(ended, mayOffer))];
  const { effects, seen } = await endTask(store, taskId, now, (work) => ({
    to: "succeeded",
    error: null,
    resultText: [richTextToMarkdown(lines), ended.text].filter(Boolean).join("\n\n"),
    body: taskEndedReply(work.title, isAllDone, answer),
    closing: { effects: ended.effects, seen: [] },
  }));
  const file = effects.length === 0 ? [] : [writeFileJob(taskId, now)];
  return { name: "finish-task", effects: [...effects, ...file], seen, ...DONE };
}

/** However a task ends: what people decided about has happened, or has not. */
async function outcomesOf(
  store: Store,
  work: TaskWork | undefined,
): ReturnType<typeof readOutcomes> {
  if (work === undefined) return { lines: [], isAllDone: true };
  const { run_id: runId, task_id: taskId } = work;
  return await readOutcomes(store, { runId, taskId, readers: readersOfResult(work) });
}

/** What fails in a group is said before people who can do nothing about it: admins are told too. */
async function endUnanswered(
  store: Store,
  taskId: string,
  ended: Unanswered,
  now: EpochMs,
): Promise<Decision> {
  const work = await loadOpenTask(store, taskId);
  if (work === undefined) return NOTHING;
  const ending = await failure(store, work, ended.error, whyUnanswered(ended));
  const { effects, seen } = await endTask(store, taskId, now, () => ({
    ...ending,
    ...(ended.kind === "out_of_budget" ? { runTo: "budget_exceeded" } : {}),
    closing: { effects: ended.effects, seen: [] },
  }));
  if (work.context_kind === "private" || isDecided(ended)) return { effects, seen };
  const told = await tellAdminsToo(store, work, ending.body, now);
  return { effects: [...effects, ...told.effects], seen: [...seen, ...told.seen] };
}

export async function cancelTask(
  store: Store,
  { id, payload: { taskId } }: ClaimedJob<"run-task">,
  now: EpochMs,
): Promise<Settlement> {
  const closing = await closeWork({ store, now }, taskId, await stopped(store, id));
  const { lines } = await outcomesOf(store, await loadOpenTask(store, taskId));
  const decision = await endTask(store, taskId, now, (work) => ({
    to: "cancelled",
    error: null,
    resultText: null,
    body: [...lines, ...taskStoppedReply(work.title)],
    closing,
  }));
  return { name: "stop-task", ...decision, ...DONE };
}

/** Ends a task that the model is no longer asked about. */
export async function refuseTask(store: Store, taskId: string, now: EpochMs): Promise<Settlement> {
  const work = await loadOpenTask(store, taskId);
  if (work === undefined) return TASK_ALREADY_OVER;
  const closing = await closeWork({ store, now }, taskId, MODEL_OFF);
  const ending = await failure(store, work, MODEL_OFF.error, WHY_MODEL_OFF);
  const { effects, seen } = await endTask(store, taskId, now, () => ({ ...ending, closing }));
  const told = await tellOfModelOff(store, happenedTo(work), now);
  return {
    name: "fail-task",
    effects: [...effects, ...told.effects],
    seen: [...seen, ...told.seen],
    ...DONE,
  };
}

export async function giveUpTask(
  store: Store,
  job: ClaimedJob<"run-task">,
  thrown: AppError,
  now: EpochMs,
): Promise<Decision> {
  const error = describeError(thrown);
  const { taskId } = job.payload;
  const work = await loadOpenTask(store, taskId);
  if (work === undefined) return NOTHING;
  const closing = await closeWork({ store, now }, taskId, { ...GIVEN_UP, error });
  const ending = await failure(store, work, error, whyGivenUp(job, thrown));
  const { effects, seen } = await endTask(store, taskId, now, () => ({ ...ending, closing }));
  const told = await tellAdminsToo(store, work, ending.body, now);
  return { effects: [...effects, ...told.effects], seen: [...seen, ...told.seen] };
}

/** True while the task's last run can still go on. */
export function hasOpenRun(
  work: TaskWork,
): work is TaskWork & { run_id: string; run_version: number } {
  return (
    work.run_id !== null &&
    work.run_state !== null &&
    work.run_state !== "interrupted" &&
    !FINAL_RUN_STATES.includes(work.run_state)
  );
}

export function seenTask(work: TaskWork): readonly Seen[] {
  const task: Seen = { table: "tasks", id: work.task_id, version: work.task_version };
  return [task, ...seenRun(work)];
}

/**
 * What the steps of a run rest on. Not the task: how urgent it is, when due, and who was told so may change while they
 * are taken; what ends the task ends its run.
 */
function seenRun({ run_id: id, run_version: version }: TaskWork): readonly Seen[] {
  return id === null || version === null ? [] : [{ table: "runs", id, version }];
}

function loadWork(store: Store, taskId: string) {
  return store.first(taskWorkById, { taskId });
}

async function closeWork(
  deps: { readonly store: Store; readonly now: EpochMs },
  taskId: string,
  end: WorkEnd,
): Promise<Decision> {
  const runId = (await loadOpenTask(deps.store, taskId))?.run_id ?? null;
  return runId === null ? NOTHING : await endOpenWork(deps, runId, end);
}

async function failure(
  store: Store,
  work: TaskWork,
  error: string,
  why: string,
): Promise<Omit<Ending, "closing">> {
  const { task_id: id, title, message_id: messageId } = work;
  const { lines } = await outcomesOf(store, work);
  const body = [...lines, ...taskFailedReply({ id, title, messageId }, why)];
  return { to: "failed", error, resultText: null, body };
}

/** Ends the task and its run together and tells the person, once: nothing is left to do when it is over already. */
async function endTask(
  store: Store,
  taskId: string,
  now: EpochMs,
  decide: (work: TaskWork) => Ending,
): Promise<Decision> {
  const work = await loadOpenTask(store, taskId);
  if (work === undefined) return NOTHING;
  const { to, runTo = to, error, resultText, body, closing } = decide(work);
  const run: Effect[] = hasOpenRun(work)
    ? [{ type: "move-run", id: work.run_id, from: OPEN_RUN, to: runTo, model: null, error }]
    : [];
  const task: Effect = {
    type: "move-task",
    id: work.task_id,
    from: OPEN_TASK,
    to,
    runId: null,
    resultSummary: resultText === null ? null : summaryOf(resultText),
    resultText,
    errorMessage: error,
  };
  const told = await tellRequester(store, work, body, now);
  const cards = await reviseRoutedCards(
    { store, now },
    { taskId: work.task_id, wording: work.wording, status: to },
  );
  return {
    effects: [...closing.effects, ...run, task, ...told.effects, ...cards],
    seen: [...seenTask(work), ...told.seen, ...closing.seen],
  };
}

function writeFileJob(taskId: string, now: EpochMs): Effect {
  return {
    type: "enqueue-job",
    job: {
      id: newId("job"),
      kind: "project-file",
      payload: { taskId },
      lane: laneOf.projectFile(taskId),
      priority: PRIORITY.background,
      runAtMs: now,
    },
  };
}
