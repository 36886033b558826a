import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { JobKind, JobPool } from "../../core/job/job.ts";
import type { Flag } from "./column.ts";

export interface JobsTable {
  seq: Generated<number>;
  id: string;
  kind: JobKind;
  pool: JobPool;
  lane: string;
  /** 1 for the one job of its lane that may run; the others wait. */
  head: Flag;
  state: "ready" | "running" | "dead";
  priority: number;
  /** Not before this instant; 0: at once. */
  run_at_ms: EpochMs;
  /** When the wait for `run_at_ms` began: a wall clock before it was set back, and the wait is over. */
  delayed_from_ms: EpochMs;
  attempts: number;
  interruptions: number;
  claim_token: string | null;
  /** The process (SQLite: its epoch) that claimed it. */
  claimed_by: string | null;
  /** Postgres: by the database's clock. */
  lease_until_ms: EpochMs | null;
  cancel_at_ms: EpochMs | null;
  cancelled_by: string | null;
  payload: string;
  cause: string;
  last_error: string | null;
  created_at_ms: EpochMs;
}

export interface LeasesTable {
  name: string;
  owner: string;
  token: string;
  until_ms: EpochMs;
}

export interface ProbesTable {
  id: string;
  finished_at_ms: EpochMs;
}
