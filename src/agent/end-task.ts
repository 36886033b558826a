import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { withoutButtons } from "../core/rich-text/without-buttons.ts";
import { FINAL_RUN_STATES, type RunState } from "../core/run/run.ts";
import { FINAL_TASK_STATUSES, type TaskStatus } from "../core/task/task.ts";
import { shorten } from "../llm/shorten.ts";
import { tellAdmins } from "../operations/tell-admins.ts";
import type { Settlement } from "../orchestrator/job-handler.ts";
import { taskWorkById } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import {
  adminNotice,
  answerReply,
  taskDoneReply,
  taskFailedReply,
  taskStoppedReply,
} from "./agent-replies.ts";
import { closeOpenWork, STOPPED } from "./journal.ts";
import { type Thought, UNFINISHED } from "./think.ts";
import { WHY_GIVEN_UP, WHY_UNFINISHED } from "./why-failed.ts";

export type TaskWork = NonNullable<Awaited<ReturnType<typeof loadWork>>>;

const SUMMARY_LENGTH = 180;
const OPEN_TASK: readonly TaskStatus[] = ["queued", "running", "blocked"];
const OPEN_RUN: readonly RunState[] = ["queued", "running", "parked"];
const DONE = { actor: SYSTEM_ACTOR.id, settle: { kind: "done" } } as const;
const NOTHING: Decision = { effects: [], seen: [] };

/** The end of a job whose task is over already. */
export const TASK_ALREADY_OVER: Settlement = { name: "task-already-over", ...NOTHING, ...DONE };

interface Ending {
  readonly to: "succeeded" | "failed" | "cancelled";
  readonly error: string | null;
  readonly resultText: string | null;
  readonly body: RichText;
  /** Ends what the run still has open. */
  readonly closing: readonly Effect[];
}

/** The task; `undefined` when there is none or it is over. */
export async function loadOpenTask(store: Store, taskId: string): Promise<TaskWork | undefined> {
  const work = await loadWork(store, taskId);
  return work === undefined || FINAL_TASK_STATUSES.includes(work.status) ? undefined : work;
}

export async function finishTask(
  store: Store,
  taskId: string,
  thought: Thought,
  now: EpochMs,
): Promise<Settlement> {
  const closing = thought.effects;
  if (thought.kind === "unfinished") {
    const failed = await failTask(store, taskId, closing, now);
    return { name: "fail-task", ...failed, ...DONE };
  }
  const answer = await answerReply(thought);
  const { effects, seen } = await endTask(store, taskId, now, (work) => ({
    to: "succeeded",
    error: null,
    resultText: thought.text,
    body: taskDoneReply(work.title, answer),
    closing,
  }));
  const file = effects.length === 0 ? [] : [writeFileJob(taskId, now)];
  return { name: "finish-task", effects: [...effects, ...file], seen, ...DONE };
}

/** What fails in a group is said before people who can do nothing about it: admins are told too. */
async function failTask(
  store: Store,
  taskId: string,
  closing: readonly Effect[],
  now: EpochMs,
): Promise<Decision> {
  const work = await loadOpenTask(store, taskId);
  if (work === undefined) return NOTHING;
  const ending = failure(work, UNFINISHED, WHY_UNFINISHED);
  const { effects, seen } = await endTask(store, taskId, now, () => ({ ...ending, closing }));
  if (work.context_kind === "private" || isForAdminsOnly(work)) return { effects, seen };
  const told = await tellInAdminContexts(store, work, ending.body, now);
  return { effects: [...effects, ...told.effects], seen: [...seen, ...told.seen] };
}

export async function cancelTask(store: Store, taskId: string, now: EpochMs): Promise<Settlement> {
  const closing = await closeWork(store, taskId, STOPPED);
  const decision = await endTask(store, taskId, now, (work) => ({
    to: "cancelled",
    error: null,
    resultText: null,
    body: taskStoppedReply(work.title),
    closing,
  }));
  return { name: "stop-task", ...decision, ...DONE };
}

export async function giveUpTask(
  store: Store,
  taskId: string,
  error: string,
  now: EpochMs,
): Promise<Decision> {
  const work = await loadOpenTask(store, taskId);
  if (work === undefined) return NOTHING;
  const closing = await closeWork(store, taskId, { state: "failed", error });
  const ending = failure(work, error, WHY_GIVEN_UP);
  const { effects, seen } = await endTask(store, taskId, now, () => ({ ...ending, closing }));
  if (isForAdminsOnly(work)) return { effects, seen };
  const told = await tellInAdminContexts(store, work, ending.body, now);
  return { effects: [...effects, ...told.effects], seen: [...seen, ...told.seen] };
}

function tellInAdminContexts(
  store: Store,
  work: TaskWork,
  body: RichText,
  now: EpochMs,
): Promise<Decision> {
  return tellAdmins({ store, now }, adminNotice(work.context_title, body), {
    workspaceId: work.workspace_id,
    toldInContextId: isForAdminsOnly(work) ? null : work.context_id,
    taskId: work.task_id,
  });
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
  if (work.run_id === null || work.run_version === null) return [task];
  return [task, { table: "runs", id: work.run_id, version: work.run_version }];
}

function loadWork(store: Store, taskId: string) {
  return store.first(taskWorkById, { taskId });
}

async function closeWork(store: Store, taskId: string, end: Parameters<typeof closeOpenWork>[2]) {
  const runId = (await loadOpenTask(store, taskId))?.run_id ?? null;
  return runId === null ? [] : await closeOpenWork(store, runId, end);
}

function failure(work: TaskWork, error: string, why: string): Omit<Ending, "closing"> {
  const { task_id: id, title, message_id: messageId } = work;
  const body = taskFailedReply({ id, title, messageId }, why);
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
  const { to, error, resultText, body, closing } = decide(work);
  const run: Effect[] = hasOpenRun(work)
    ? [{ type: "move-run", id: work.run_id, from: OPEN_RUN, to, model: null, error }]
    : [];
  const task: Effect = {
    type: "move-task",
    id: work.task_id,
    from: OPEN_TASK,
    to,
    runId: null,
    resultSummary: resultText === null ? null : shorten(resultText, SUMMARY_LENGTH),
    resultText,
    errorMessage: error,
  };
  const told = await tellOfEnd(store, work, body, now);
  return {
    effects: [...closing, ...run, task, ...told.effects],
    seen: [...seenTask(work), ...told.seen],
  };
}

/**
 * What came of a report about people is not said before them: it is for whoever looks after the group. Nor is what triage
 * took for work and an admin for noise: nobody there waits for it.
 */
function isForAdminsOnly(work: TaskWork): boolean {
  if (work.context_kind !== "group") return false;
  const isDropped =
    work.route_class === "noise" && work.message_rule?.startsWith("triage:") === true;
  return work.route_class === "moderation" || isDropped;
}

/** A model's buttons are for whoever it answers; an admin who did not ask it gets its words alone. */
async function tellOfEnd(
  store: Store,
  work: TaskWork,
  body: RichText,
  now: EpochMs,
): Promise<Decision> {
  if (!isForAdminsOnly(work)) return { effects: [replyAbout(work, body, now)], seen: [] };
  return await tellInAdminContexts(store, work, withoutButtons(body), now);
}

function replyAbout(work: TaskWork, body: RichText, now: EpochMs): Effect {
  return queueReply({
    context: {
      id: work.context_id,
      connector: work.connector,
      account: work.account,
      external_id: work.external_id,
    },
    body,
    messageId: work.message_id,
    runId: work.run_id,
    taskId: work.task_id,
    // It comes later than an answer would: in any chat it shows what it belongs to.
    replyToExternalId: work.external_message_id,
    now,
  });
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
