import type { EpochMs } from "../core/clock.ts";
import type { Commit, Decision } from "../core/effect/commit.ts";
import type { AppError } from "../core/errors.ts";
import type { JobKind, JobPayloads, Settle } from "../core/job/job.ts";

/** A job this process has claimed. */
export interface ClaimedJob<K extends JobKind = JobKind> {
  readonly id: string;
  readonly kind: K;
  readonly payload: JobPayloads[K];
  readonly lane: string;
  /** This attempt included: 1 the first time. */
  readonly attempts: number;
  /** How often a process died while holding it. More than 0: an outside call may have happened already. */
  readonly interruptions: number;
  /** Somebody asked for its end before it was claimed. */
  readonly isCancelled: boolean;
  readonly cause: string;
  readonly token: string;
}

/** A decision that also ends the job. `name` and `actor` go to the audit row. */
export interface Settlement extends Decision {
  readonly name: string;
  readonly actor: string;
  readonly settle: Settle;
  /** Only the readiness probe leaves no audit row. */
  readonly unaudited?: true;
}

export interface JobContext<K extends JobKind = JobKind> {
  readonly job: ClaimedJob<K>;
  /**
   * Aborts when the work must end at its next step: `isCancelled()` then tells a durable cancel (settle it as
   * cancelled) from a shutdown or a lost lease (just stop: throw `signal.reason`; the job is released).
   */
  readonly signal: AbortSignal;
  isCancelled(): boolean;
  /** An intermediate commit under this job's claim. Throws when the claim is lost; returns `conflict` for you to decide again. */
  commit(
    step: Decision &
      Pick<Commit, "isSyncedWithNext"> & {
        readonly name: string;
        readonly actor: string;
        readonly now: EpochMs;
      },
  ): Promise<"committed" | "conflict" | { readonly refused: string }>;
  /**
   * Ends the job: runs `decide` on fresh facts and commits it, again on conflict (at most five times, then the
   * attempt fails and is retried). `decide` must not touch the outside world.
   */
  settle(decide: (now: EpochMs) => Promise<Settlement>): Promise<void>;
}

/** Contract: `run` ends through `context.settle`, or throws. A throw is retried with back-off when its code is retryable, else the job is dead. */
export interface JobHandler<K extends JobKind = JobKind> {
  readonly kind: K;
  run(context: JobContext<K>): Promise<void>;
  /** What must follow when the job is given up: settle as failed, tell the person and an admin. Committed with the dead letter. */
  onGiveUp(job: ClaimedJob<K>, error: AppError, now: EpochMs): Promise<Decision>;
}

/** A handler of whatever kind. */
export type AnyJobHandler = { [K in JobKind]: JobHandler<K> }[JobKind];
