import type { EpochMs } from "../clock.ts";

/** What the queue can carry. One handler each; `payload` is the plain data it needs beyond ids. */
export interface JobPayloads {
  "handle-message": { readonly messageId: string };
  /** Fetches what came with a message, before the work that the message started. */
  "save-file": { readonly fileId: string };
  "run-turn": { readonly runId: string };
  "run-task": { readonly taskId: string };
  deliver: { readonly deliveryId: string };
  /** Takes the used buttons off what was sent, and one that can do nothing any more. */
  "withdraw-buttons": { readonly deliveryId: string; readonly pointlessIndex?: number };
  "project-file": { readonly taskId: string };
  /** Reminds of what waits for a decision, and ends the wait. */
  "expire-approval": { readonly approvalId: string };
  /** Ends the while in which an approved call can be taken back. */
  "end-delay": { readonly approvalId: string };
  /** A cap was raised for some work: what else waits at it may fit now. */
  "release-at-cap": { readonly scope: string; readonly day: string };
  probe: { readonly probeId: string };
  sweep: Record<string, never>;
  /** Tells admins of tasks whose time has passed. */
  "tell-overdue": Record<string, never>;
}
export type JobKind = keyof JobPayloads;

/**
 * `light` work is short (200 at a time); `outbound` waits for a channel, which may not answer for long (200 more, so that
 * it holds up nothing else); `files` fetches what people send (8 at a time); `heavy` calls models and runs for minutes
 * (`DEFAULT_CONCURRENCY`).
 */
export type JobPool = "light" | "outbound" | "files" | "heavy";
export const POOL_OF: Record<JobKind, JobPool> = {
  "handle-message": "light",
  "save-file": "files",
  "run-turn": "heavy",
  "run-task": "heavy",
  deliver: "outbound",
  "withdraw-buttons": "outbound",
  "project-file": "light",
  "expire-approval": "light",
  "end-delay": "light",
  "release-at-cap": "light",
  probe: "light",
  sweep: "light",
  "tell-overdue": "light",
};

export const JOB_KINDS = Object.keys(POOL_OF) as JobKind[];

/** A job to be written. `id` is made by the decider; order within `lane` is the order of commit. */
export type NewJob = {
  [K in JobKind]: {
    readonly id: string;
    readonly kind: K;
    readonly payload: JobPayloads[K];
    /** Jobs of one lane run one after another; only the head is ever claimed. */
    readonly lane: string;
    /** Smaller first, between lanes. */
    readonly priority: number;
    /** Not before this instant. A waiting head blocks its lane. */
    readonly runAtMs: EpochMs;
  };
}[JobKind];

/** The right to finish a job. A commit that carries a claim which is no longer ours changes nothing. */
export interface Claim {
  readonly jobId: string;
  readonly lane: string;
  readonly token: string;
}

/** How a claimed job ends, inside the commit of its effects. */
export type Settle =
  | { readonly kind: "done" }
  /** Not yet; counts no attempt. */
  | { readonly kind: "snooze"; readonly untilMs: EpochMs }
  /** Failed for now; the attempt counts. */
  | { readonly kind: "retry"; readonly atMs: EpochMs; readonly error: string }
  /** Given back untouched (shutdown, lost lease); counts nothing. */
  | { readonly kind: "release" }
  /** Not worth doing any more. */
  | { readonly kind: "discard"; readonly reason: string }
  /** Failed for good: kept as a dead letter, replayable. */
  | { readonly kind: "dead"; readonly error: string };

/** Attempts are failures of the work; interruptions are deaths of the process around it. */
export const MAX_ATTEMPTS = 5;
export const MAX_INTERRUPTIONS = 25;
