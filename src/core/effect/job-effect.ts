import type { EpochMs } from "../clock.ts";
import type { NewJob } from "../job/job.ts";

/** More at once would hold everybody else up. */
export const MAX_SWEPT_ROWS = 500;

/** What may change about the queue, and what its housekeeping keeps. */
export type JobEffect =
  | EnqueueJob
  /** Asks a running job to end at its next step; the flag outlives a restart. */
  | {
      readonly type: "cancel-job";
      readonly jobId: string;
      /** Whom people are told of. */
      readonly by?: string;
    }
  /** Takes a job that nobody has claimed out of its lane. Conflict when it is running. */
  | { readonly type: "remove-job"; readonly jobId: string; readonly lane: string }
  /** Puts a dead letter back at the end of its lane with fresh attempts. */
  | { readonly type: "replay-job"; readonly jobId: string; readonly lane: string }
  /** Deletes a dead letter. */
  | { readonly type: "drop-job"; readonly jobId: string }
  | { readonly type: "finish-probe"; readonly probeId: string }
  | { readonly type: "set-setting"; readonly key: string; readonly value: string }
  /** Deletes at most `MAX_SWEPT_ROWS` of what is past its time. */
  | {
      readonly type: "sweep";
      readonly table: "dedupe" | "login_codes" | "sessions" | "counters" | "pairings" | "spend";
      readonly beforeMs: EpochMs;
    }
  | RequeueJob
  | PrioritizeJob;

interface EnqueueJob {
  readonly type: "enqueue-job";
  readonly job: NewJob;
  /** Of work that goes on: what it began with, not the commit that lets it. */
  readonly cause?: string;
}

/** Puts a job that nobody has claimed behind what its lane holds by now. Conflict when it is running or gone. */
interface RequeueJob {
  readonly type: "requeue-job";
  readonly jobId: string;
  readonly lane: string;
  readonly runAtMs: EpochMs;
}

/**
 * Gives a job another place among the heads of the lanes; within its lane nothing moves. One that runs keeps it for when
 * it is given back. Conflict when the job is gone or a dead letter.
 */
interface PrioritizeJob {
  readonly type: "prioritize-job";
  readonly jobId: string;
  /** Smaller first. */
  readonly priority: number;
}
