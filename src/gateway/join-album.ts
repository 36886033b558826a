import type { EpochMs } from "../core/clock.ts";
import type { Seen } from "../core/effect/commit.ts";
import type { JobPayloads } from "../core/job/job.ts";
import { laneOf } from "../core/job/lanes.ts";
import { hasVisibleText } from "../core/message/storable-text.ts";
import { expectFiles } from "../operations/expect-files.ts";
import { isWaitingForSay } from "../operations/find-triaged-message.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { MOST_PARTS } from "../operations/parts-of-album.ts";
import { type JobRow, jobsOfLane } from "../store/queries/jobs.ts";
import { decidedParts, type MessageRow } from "../store/queries/messages.ts";
import { hasNotBegun, runRowById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { Verdict } from "./verdict.ts";

export const ALBUM_WAIT_MS = 1_000;

/** The turn or task that the parts before have started, while nobody works on it. */
interface WaitingWork {
  readonly verdict: Pick<Verdict, "outcome" | "runId" | "taskId">;
  readonly userId: string;
  readonly lane: string;
  readonly job: JobRow;
  readonly seen: Seen;
}

/** When work on a message may begin: the parts of an album arrive one by one, so the first waits for the next. */
export function beginsAt(now: EpochMs, { albumId }: MessageFacts): EpochMs {
  return albumId === undefined ? now : now + ALBUM_WAIT_MS;
}

/**
 * One part more of an album whose turn or task waits: it belongs to that, and its file is fetched before. `undefined` when
 * nothing waits for it, or something else was asked since.
 */
export async function joinAlbum(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<Verdict | undefined> {
  const work = await findWork(deps, facts);
  if (work === undefined) return undefined;
  const { message, context, files } = facts;
  const { userId, lane, job, seen } = work;
  const runAtMs = beginsAt(deps.now, facts);
  return {
    rule: "album",
    reason: null,
    ...work.verdict,
    effects: [
      ...expectFiles(deps, { files, messageId: message.id, context, userId, lane }),
      { type: "requeue-job", jobId: job.id, lane, runAtMs },
    ],
    seen: [seen],
  };
}

/**
 * A part without words of an album that triage made a task of, while nobody works on that: its file is fetched with the
 * others, or when somebody starts it.
 */
export async function joinRouted(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<Verdict | undefined> {
  if (facts.albumId === undefined || hasVisibleText(facts.message.text)) return undefined;
  const joined = await joinAlbum(deps, facts);
  if (joined !== undefined) return joined;
  const parts = await partsDecided(deps.store, facts);
  const taskId = parts.find(hasWork)?.task_id ?? undefined;
  if (taskId === undefined || parts.length >= MOST_PARTS) return undefined;
  const task = await deps.store.first(taskById, { id: taskId });
  if (task === undefined || !isWaitingForSay(task)) return undefined;
  const seen: Seen = { table: "tasks", id: task.id, version: task.version };
  return { rule: "album", outcome: "task", reason: null, taskId, seen: [seen] };
}

/** The parts of its album that were decided and not dropped, newest first: by the same sender, who was the same person. */
export async function partsDecided(
  store: Reader,
  { albumId, context, message, person }: MessageFacts,
) {
  const { sender_external_id: senderExternalId } = message;
  if (albumId === undefined || senderExternalId === null) return [];
  const of = { contextId: context.id, albumId, senderExternalId, limit: MOST_PARTS };
  const parts = await store.all(decidedParts, of);
  return parts.filter((one) => one.identity_id === (person?.identity_id ?? null));
}

/** Whether a part has set something going; a command that only answered has not. */
export function hasWork(part: Pick<MessageRow, "run_id" | "task_id">): boolean {
  return part.run_id !== null || part.task_id !== null;
}

async function findWork(deps: OperationDeps, facts: MessageFacts) {
  const parts = await partsDecided(deps.store, facts);
  const last = parts.find(hasWork);
  if (last === undefined || parts.length >= MOST_PARTS) return undefined;
  if (last.run_id !== null) return await findTurn(deps, facts.context.id, last.run_id);
  return await findTask(deps, last.task_id ?? "");
}

async function findTurn(
  { store, now }: OperationDeps,
  contextId: string,
  runId: string,
): Promise<WaitingWork | undefined> {
  const run = await store.first(runRowById, { id: runId });
  const lane = laneOf.turn(contextId);
  const job = await findLastOfLane(store, lane, "run-turn", { runId }, now);
  if (run === undefined || !hasNotBegun(run)) return undefined;
  if (run.user_id === null || job === undefined) return undefined;
  return {
    verdict: { outcome: "pending", runId },
    userId: run.user_id,
    lane,
    job,
    seen: { table: "runs", id: run.id, version: run.version },
  };
}

async function findTask(
  { store, now }: OperationDeps,
  taskId: string,
): Promise<WaitingWork | undefined> {
  const task = await store.first(taskById, { id: taskId });
  const lane = laneOf.task(taskId);
  const job = await findLastOfLane(store, lane, "run-task", { taskId }, now);
  if (task?.status !== "queued" || task.requested_by_user_id === null || job === undefined) {
    return undefined;
  }
  return {
    verdict: { outcome: "task", taskId },
    userId: task.requested_by_user_id,
    lane,
    job,
    seen: { table: "tasks", id: task.id, version: task.version },
  };
}

/** That job, when it waits and nothing but other albums was asked since: what was must not be overtaken. */
async function findLastOfLane<K extends "run-turn" | "run-task">(
  store: Reader,
  lane: string,
  kind: K,
  payload: JobPayloads[K],
  now: EpochMs,
): Promise<JobRow | undefined> {
  const jobs = (await store.all(jobsOfLane, { lane })).filter(({ state }) => state !== "dead");
  const isIt = (job: JobRow) => job.kind === kind && job.payload === JSON.stringify(payload);
  const at = jobs.findIndex(isIt);
  const isLast = jobs.slice(at + 1).every((job) => job.kind === "save-file" || isOfAlbum(job, now));
  return isLast && jobs[at]?.state === "ready" ? jobs[at] : undefined;
}

/** The turn of an album, which waits for more parts. What is tried again waits too. */
function isOfAlbum({ kind, attempts, run_at_ms: runAtMs }: JobRow, now: EpochMs): boolean {
  return kind === "run-turn" && attempts === 0 && now < runAtMs;
}
