import type { EpochMs } from "../clock.ts";

/** Puts a job that nobody has claimed behind what its lane holds by now. Conflict when it is running or gone. */
export interface RequeueJob {
  readonly type: "requeue-job";
  readonly jobId: string;
  readonly lane: string;
  readonly runAtMs: EpochMs;
}
