import { join } from "node:path";
import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError, describeError, ERROR_POLICY, toAppError } from "../core/errors.ts";
import { MAX_ATTEMPTS } from "../core/job/job.ts";
import type { Log } from "../core/log.ts";
import { type FileFailure, LARGEST_FILE_BYTES } from "../core/message/inbound-file.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { safeName } from "../core/safe-name.ts";
import { FINAL_TASK_STATUSES } from "../core/task/task.ts";
import type { JobContext, JobHandler, Settlement } from "../orchestrator/job-handler.ts";
import { fileWorkById } from "../store/queries/files.ts";
import type { Store } from "../store/store.ts";
import { type FileWork, failedFile, mayStillSend, takeOneOfDay } from "./end-file.ts";
import {
  FileTooLargeError,
  type KeptFile,
  openIncomingFile,
  removeIncomingFile,
} from "./incoming-file.ts";
import type { FileSource } from "./ports.ts";

/** Work that waits for a file does not wait longer than this for a channel that asks for patience. */
const LONGEST_WAIT_MS = 10 * 60_000;
const DONE = { actor: SYSTEM_ACTOR.id, settle: { kind: "done" } } as const;
const NOTHING_LEFT: Settlement = { name: "save-file", effects: [], seen: [], ...DONE };

export interface SaveFileDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly workspaceRoot: string;
  /** Files a day from one person; 0: no limit. */
  readonly filesMaxPerDay: number;
  readonly sources: ReadonlyMap<ConnectorName, FileSource>;
}

type Attempt =
  | { readonly kind: "kept"; readonly file: KeptFile }
  | { readonly kind: "failed"; readonly reason: FileFailure; readonly error: string }
  | { readonly kind: "wait"; readonly untilMs: EpochMs };

/**
 * Fetches a file into the inbox of its workspace, then notes where it is. Doing it twice writes the same file. What
 * cannot be saved is told, and holds up nothing: the work it came for goes on without it.
 */
export function createSaveFileHandler(deps: SaveFileDeps): JobHandler<"save-file"> {
  const { store } = deps;

  async function run(context: JobContext<"save-file">): Promise<void> {
    const work = await store.first(fileWorkById, { id: context.job.payload.fileId });
    if (work?.state !== "waiting") return await context.settle(async () => NOTHING_LEFT);
    try {
      await endAttempt(deps, context, work, await tryToSave(deps, work, context));
    } catch (error) {
      if (!context.isCancelled()) throw error;
      await endAttempt(deps, context, work, UNWANTED);
    }
  }

  return {
    kind: "save-file",
    run,
    async onGiveUp(job, _error, now): Promise<Decision> {
      const work = await store.first(fileWorkById, { id: job.payload.fileId });
      if (work?.state !== "waiting") return { effects: [], seen: [] };
      await removePart(deps, work);
      return await failedFile(deps, work, "unreachable", now);
    },
  };
}

const UNWANTED: Attempt = {
  kind: "failed",
  reason: "cancelled",
  error: "the work it came for is over",
};

const TOO_MANY: Attempt = {
  kind: "failed",
  reason: "daily_limit",
  error: "its sender has sent too many",
};

async function tryToSave(
  deps: SaveFileDeps,
  work: FileWork,
  context: JobContext<"save-file">,
): Promise<Attempt> {
  context.signal.throwIfAborted();
  if (!isWanted(work)) return UNWANTED;
  if ((work.declared_bytes ?? 0) > LARGEST_FILE_BYTES) {
    return { kind: "failed", reason: "too_large", error: "it is declared as larger than 20 MB" };
  }
  if (!(await mayStillSend(deps, work))) {
    return TOO_MANY;
  }
  const source = deps.sources.get(work.connector);
  if (source?.account !== work.account) {
    return { kind: "failed", reason: "unreachable", error: "its channel is not connected" };
  }
  try {
    return await fetchFile(deps, source, work, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (isWorthRetrying(error) && context.job.attempts < MAX_ATTEMPTS) throw error;
    return { kind: "failed", reason: reasonOf(error), error: describeError(error) };
  }
}

/** What was cancelled, or is over for another reason, needs no files. */
function isWanted({ outcome, task_status: status }: FileWork): boolean {
  return status === null ? outcome === "pending" : !FINAL_TASK_STATUSES.includes(status);
}

async function fetchFile(
  deps: SaveFileDeps,
  source: FileSource,
  work: FileWork,
  context: JobContext<"save-file">,
): Promise<Attempt> {
  const { signal } = context;
  const incoming = await openIncomingFile(...placeOf(deps, work));
  try {
    const result = await source.fetch(work.source_id, incoming.take, signal);
    signal.throwIfAborted();
    if (result.kind === "whole") {
      if (!(await takeOneOfDay(deps, work, context))) return TOO_MANY;
      return { kind: "kept", file: await incoming.keep(work) };
    }
    if (result.kind === "never") {
      return { kind: "failed", reason: result.reason, error: result.error };
    }
    const untilMs = deps.clock.now() + (result.retryAfterMs ?? 0);
    if (result.retryAfterMs === undefined || untilMs > work.created_at_ms + LONGEST_WAIT_MS) {
      throw new AppError("unavailable", result.error);
    }
    return { kind: "wait", untilMs };
  } finally {
    await incoming.discard();
  }
}

function placeOf({ workspaceRoot }: SaveFileDeps, work: FileWork) {
  const workspace = join(workspaceRoot, safeName(work.workspace_id));
  return [workspace, { id: work.id, atMs: work.received_at_ms }] as const;
}

/** An attempt that ended with its process has left what it had. What will not go is no reason to wait for it. */
async function removePart(deps: SaveFileDeps, work: FileWork): Promise<void> {
  try {
    await removeIncomingFile(...placeOf(deps, work));
  } catch (error) {
    deps.log.write("warn", "part of a file not removed", { fileId: work.id, error });
  }
}

function isWorthRetrying(error: unknown): boolean {
  return ERROR_POLICY[toAppError(error).code].retryable;
}

function reasonOf(error: unknown): FileFailure {
  if (error instanceof FileTooLargeError) return "too_large";
  return toAppError(error).code === "unavailable" ? "unreachable" : "not_saved";
}

async function endAttempt(
  deps: SaveFileDeps,
  { settle }: JobContext<"save-file">,
  work: FileWork,
  attempt: Attempt,
): Promise<void> {
  if (attempt.kind === "failed") {
    const { reason, error } = attempt;
    deps.log.write("warn", "file not saved", { fileId: work.id, reason, error });
    await removePart(deps, work);
  }
  await settle(async (now) => {
    switch (attempt.kind) {
      case "kept":
        return { ...NOTHING_LEFT, effects: [{ type: "save-file", id: work.id, ...attempt.file }] };
      case "failed":
        return { ...NOTHING_LEFT, ...(await failedFile(deps, work, attempt.reason, now)) };
      case "wait":
        return { ...NOTHING_LEFT, settle: { kind: "snooze", untilMs: attempt.untilMs } };
    }
  });
}
