import type { EpochMs } from "../core/clock.ts";
import type { JobPool } from "../core/job/job.ts";
import type { ClaimedJob } from "./job-handler.ts";

/** What the two databases do differently about the one `jobs` table: claiming, and knowing that a holder died. */
export interface JobEngine {
  /**
   * Frees what dead processes held: each becomes ready again with one interruption more and one attempt less.
   * SQLite: at boot, everything; Postgres: whatever's lease ran out, at any time. Returns how many.
   */
  reclaim(now: EpochMs): Promise<number>;
  /** Takes up to `limit` due heads of lanes, best priority first. No two callers get the same job. Counts an attempt each. */
  claim(pool: JobPool, limit: number, now: EpochMs): Promise<readonly ClaimedJob[]>;
  /** When the next job of the pool falls due; `undefined` when none waits. */
  nextDueAt(pool: JobPool): Promise<EpochMs | undefined>;
  /** Ids of running jobs that somebody asked to end. */
  cancelled(): Promise<readonly string[]>;
  /** Prolongs the hold on running jobs; returns those that are no longer ours. SQLite: none, ever. */
  renew(jobs: readonly ClaimedJob[]): Promise<readonly ClaimedJob[]>;
  /** Takes or prolongs a named lease for `token`; false while another holds it. */
  takeLease(name: string, token: string, durationMs: number): Promise<boolean>;
  dropLease(name: string, token: string): Promise<void>;
  /** How long a claim holds without renewal, by the holder's own clock; `undefined`: for the life of the process. */
  readonly leaseMs: number | undefined;
  /** The queue is looked at after this long at the latest, however little was heard of it. */
  readonly longestWaitMs: number;
}
