import type { EpochMs } from "../clock.ts";
import type { Claim, Settle } from "../job/job.ts";
import type { Effect } from "./effect.ts";

/** Rows that carry a version and can therefore be part of what a decision rests on. */
export type VersionedTable =
  | "contexts"
  | "users"
  | "identities"
  | "pairings"
  | "messages"
  | "deliveries"
  | "runs"
  | "tasks"
  | "approvals"
  | "cursors";

/** A fact a decision rests on. Version 0: there was no such row. */
export interface Seen {
  readonly table: VersionedTable;
  readonly id: string;
  readonly version: number;
}

/** One step's changes: all of it happens, with its audit row and the end of its job, or none of it. */
export interface Commit {
  /** What was done, as a verb: `receive-messages`, `create-task`. */
  readonly name: string;
  /** `Actor.id` of who did it. */
  readonly actor: string;
  /** The root message, occurrence or request all this follows from; copied to everything it creates. */
  readonly cause: string;
  readonly now: EpochMs;
  readonly claim?: Claim;
  readonly seen?: readonly Seen[];
  readonly effects: readonly Effect[];
  readonly settle?: Settle;
  /** Only the readiness probe leaves no audit row. */
  readonly unaudited?: true;
  /**
   * For what nothing outside follows from before the next commit: the process may be killed at once, but only the next
   * commit without this saves it from a loss of power, which ends the process too. Postgres, which may go down without
   * us, syncs every commit.
   */
  readonly isSyncedWithNext?: boolean;
}

export type RefusalReason =
  | "claim_lost"
  | "counter_full"
  | "cursor_moved"
  | "login_code_used"
  | "spend_cap"
  | "too_many_pending";

/**
 * `conflict`: a fact changed; load afresh and decide again. `refused`: it can never succeed as it stands.
 * Rejects only when the store itself fails (disk full, connection lost); then nothing was changed.
 */
export type CommitResult = "committed" | "conflict" | { readonly refused: RefusalReason };

/** What an operation hands to whoever commits it. */
export interface Decision {
  readonly effects: readonly Effect[];
  readonly seen: readonly Seen[];
}
