import { NEVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Commit, CommitResult } from "../core/effect/commit.ts";
import { AppError, describeError, ERROR_POLICY, toAppError } from "../core/errors.ts";
import { MAX_ATTEMPTS, MAX_INTERRUPTIONS, type Settle } from "../core/job/job.ts";
import { retryJobAt } from "../core/job/retry-policy.ts";
import type { Log } from "../core/log.ts";
import type { Store } from "../store/store.ts";
import type { ClaimedJob, JobContext, JobHandler, Settlement } from "./job-handler.ts";

/** Whoever asks for a longer pause is asked again before. */
const LONGEST_ASKED_PAUSE_MS = 10 * 60_000;

const MAX_DECISIONS = 5;
const STORE_RETRY_MS = 1_000;

export interface RunJobDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

/** The right to a job was lost: nothing more of it may be written. */
class ClaimLostError extends AppError {
  constructor() {
    super("cancelled", "this job belongs to another worker now");
  }
}

/** Every decision met facts that had changed; the store itself is well. */
class FactsMovedError extends AppError {
  constructor() {
    super("unavailable", "the facts kept changing while this was being decided");
  }
}

/** A claimed job while it runs here. */
export interface RunningJob {
  readonly job: ClaimedJob;
  /** Settles when the job was settled, given back, or lost; never rejects. */
  readonly done: Promise<void>;
  /** Somebody asked for its end. */
  cancel(): void;
  /** The process stops, or the claim is about to be lost. */
  interrupt(reason: AppError): void;
}

/** Runs a job to its end: settled by its handler, retried, given up, or released on shutdown. */
export function runJob(
  deps: RunJobDeps,
  handler: JobHandler | undefined,
  job: ClaimedJob,
): RunningJob {
  const control = new AbortController();
  const state = { isCancelled: job.isCancelled, isInterrupted: false, isSettled: false };
  if (job.isCancelled) control.abort(new AppError("cancelled", "cancelled"));

  const context = createContext(deps, job, control.signal, state);
  const startedMs = deps.clock.monotonicMs();
  const done = execute(deps, handler, context, state).then((outcome) => {
    const durationMs = Math.round(deps.clock.monotonicMs() - startedMs);
    deps.log.write(outcome.level, "job ended", {
      jobId: job.id,
      kind: job.kind,
      cause: job.cause,
      attempt: job.attempts,
      durationMs,
      ...outcome.fields,
    });
  });

  return {
    job,
    done,
    cancel() {
      state.isCancelled = true;
      control.abort(new AppError("cancelled", "cancelled"));
    },
    interrupt(reason) {
      state.isInterrupted = true;
      control.abort(reason);
    },
  };
}

interface JobState {
  isCancelled: boolean;
  isInterrupted: boolean;
  isSettled: boolean;
}

interface JobOutcome {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: Record<string, unknown>;
}

function createContext(
  deps: RunJobDeps,
  job: ClaimedJob,
  signal: AbortSignal,
  state: JobState,
): JobContext {
  const claim = { jobId: job.id, lane: job.lane, token: job.token };

  function orLost(result: CommitResult): Exclude<CommitResult, { refused: "claim_lost" }> {
    if (typeof result === "object" && result.refused === "claim_lost") throw new ClaimLostError();
    return result;
  }

  /** While the store is down nobody else can have the claim: what was done outside is kept until it can be written. */
  async function commitWhenUp(commit: Commit): Promise<CommitResult> {
    for (;;) {
      try {
        return await deps.store.commit(commit);
      } catch (error) {
        if (!isStoreDown(error) || !(await waitForStore(deps, job, state, error))) throw error;
      }
    }
  }

  return {
    job,
    signal,
    isCancelled: () => state.isCancelled,
    async commit(step) {
      return orLost(await commitWhenUp({ ...step, cause: job.cause, claim }));
    },
    async settle(decide) {
      for (let attempt = 1; attempt <= MAX_DECISIONS; attempt += 1) {
        const now = deps.clock.now();
        const settlement: Settlement = await decide(now);
        const result = orLost(await commitWhenUp({ ...settlement, cause: job.cause, now, claim }));
        if (result === "committed") {
          state.isSettled = true;
          return;
        }
      }
      throw new FactsMovedError();
    },
  };
}

async function execute(
  deps: RunJobDeps,
  handler: JobHandler | undefined,
  context: JobContext,
  state: JobState,
): Promise<JobOutcome> {
  const { job } = context;
  try {
    if (handler === undefined)
      throw new AppError("invalid_input", `nothing here handles jobs of kind ${job.kind}`);
    if (job.interruptions > MAX_INTERRUPTIONS) {
      throw new AppError(
        "invalid_input",
        `the process died ${job.interruptions} times while working on this`,
      );
    }
    await handler.run(context);
    if (!state.isSettled)
      throw new AppError("internal", "the handler ended without settling its job");
    return { level: "debug", fields: { outcome: "settled" } };
  } catch (error) {
    if (error instanceof ClaimLostError)
      return { level: "warn", fields: { outcome: "claim lost" } };
    if (state.isSettled)
      return { level: "error", fields: { outcome: "failed after settling", error } };
    return await settleFailure(deps, handler, context, state, error);
  }
}

async function settleFailure(
  deps: RunJobDeps,
  handler: JobHandler | undefined,
  context: JobContext,
  state: JobState,
  thrown: unknown,
): Promise<JobOutcome> {
  const { job } = context;
  if (state.isInterrupted) {
    await untilStored(deps, context, state, { kind: "release" });
    return { level: "info", fields: { outcome: "released" } };
  }
  const error = toAppError(thrown);
  const { code, retryAfterMs = 0 } = error;
  if (ERROR_POLICY[code].retryable && job.attempts < MAX_ATTEMPTS) {
    const now = deps.clock.now();
    const askedForMs = now + Math.min(retryAfterMs, LONGEST_ASKED_PAUSE_MS);
    await untilStored(deps, context, state, {
      kind: "retry",
      atMs: Math.max(retryJobAt(job.kind, now, job.attempts, deps.random()), askedForMs),
      error: describeError(error),
    });
    const fields = { outcome: "will retry", error: thrown };
    return { level: "warn", fields };
  }
  await giveUp(deps, handler, context, state, error);
  return { level: "error", fields: { outcome: "dead letter", error: thrown } };
}

/**
 * Buries the job together with what its handler says must follow, however long the store takes to come back; alone
 * only when that itself cannot be done.
 */
async function giveUp(
  deps: RunJobDeps,
  handler: JobHandler | undefined,
  context: JobContext,
  state: JobState,
  error: AppError,
): Promise<void> {
  const settle: Settle = { kind: "dead", error: describeError(error) };
  while (handler !== undefined) {
    try {
      await context.settle(async (now) => ({
        ...(await handler.onGiveUp(context.job, error, now)),
        name: "give-up",
        actor: "system",
        settle,
      }));
      return;
    } catch (failure) {
      if (failure instanceof ClaimLostError) return;
      deps.log.write("error", "giving up on a job failed", {
        jobId: context.job.id,
        kind: context.job.kind,
        error: failure,
      });
      if (!isStoreDown(failure)) break;
      if (!(await waitForStore(deps, context.job, state, failure))) return;
    }
  }
  await untilStored(deps, context, state, settle);
}

/**
 * Ends the claim without any effect, however long the store takes to come back: a claim that stayed with a process
 * which no longer works on it would be lost until the next restart.
 */
async function untilStored(
  deps: RunJobDeps,
  context: JobContext,
  state: JobState,
  settle: Settle,
): Promise<void> {
  for (;;) {
    try {
      await context.settle(async () => ({
        name: `job-${settle.kind}`,
        actor: "system",
        effects: [],
        seen: [],
        settle,
      }));
      return;
    } catch (error) {
      if (error instanceof ClaimLostError) return;
      if (settle.kind === "release" || !(await waitForStore(deps, context.job, state, error)))
        return;
    }
  }
}

function isStoreDown(error: unknown): boolean {
  return toAppError(error).code === "unavailable" && !(error instanceof FactsMovedError);
}

/** False when the process stops meanwhile: then its next start takes the claim back. */
async function waitForStore(
  deps: RunJobDeps,
  job: ClaimedJob,
  state: JobState,
  error: unknown,
): Promise<boolean> {
  if (state.isInterrupted) return false;
  deps.log.write("warn", "what a job came to could not be stored yet", { jobId: job.id, error });
  await deps.clock.sleep(STORE_RETRY_MS, NEVER);
  return !state.isInterrupted;
}
