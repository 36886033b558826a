import { laneOf } from "../core/job/lanes.ts";
import { expectFiles } from "../operations/expect-files.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { albumOf, MOST_PARTS } from "../operations/parts-of-album.ts";
import type { JobRow } from "../store/queries/jobs.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { messageById, pendingMessagesOfRun } from "../store/queries/messages.ts";
import { openTurnsOfContext, type RunRow } from "../store/queries/runs.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { Verdict } from "./verdict.ts";

/** The parts of an album arrive one by one: so long its turn waits for the next. */
export const ALBUM_WAIT_MS = 1_000;

interface WaitingTurn {
  readonly run: RunRow;
  readonly job: JobRow;
}

/**
 * One part more of an album whose turn waits: it is answered with the others, and its file is fetched before. `undefined`
 * when there is no such turn, or something else was asked since.
 */
export async function joinAlbum(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<Verdict | undefined> {
  const turn = await findTurn(deps, facts);
  if (turn === undefined) return undefined;
  const { message, context, files } = facts;
  const { run, job } = turn;
  const userId = run.user_id ?? "";
  return {
    rule: "conversation",
    outcome: "pending",
    reason: null,
    runId: run.id,
    effects: [
      ...expectFiles(deps, { files, messageId: message.id, context, userId, lane: job.lane }),
      {
        type: "requeue-job",
        jobId: job.id,
        lane: job.lane,
        runAtMs: deps.now + ALBUM_WAIT_MS,
      },
    ],
    seen: [{ table: "runs", id: run.id, version: run.version }],
  };
}

async function findTurn(
  { store }: OperationDeps,
  { actor, context, albumId }: MessageFacts,
): Promise<WaitingTurn | undefined> {
  if (albumId === undefined) return undefined;
  const run = (await store.all(openTurnsOfContext, { contextId: context.id })).at(-1);
  if (run?.state !== "queued" || run.user_id !== actor.userId || run.message_id === null) {
    return undefined;
  }
  const first = await store.first(messageById, { id: run.message_id });
  if (first === undefined || albumOf(first) !== albumId) return undefined;
  const parts = await store.all(pendingMessagesOfRun, { runId: run.id });
  const job = (await store.all(jobsOfLane, { lane: laneOf.turn(context.id) })).at(-1);
  if (job === undefined || parts.length >= MOST_PARTS || !isWaitingFor(job, run)) return undefined;
  return { run, job };
}

function isWaitingFor({ kind, state, payload }: JobRow, run: RunRow): boolean {
  if (kind !== "run-turn" || state !== "ready") return false;
  return (JSON.parse(payload) as { runId: string }).runId === run.id;
}
