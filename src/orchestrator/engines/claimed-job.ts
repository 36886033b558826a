import type { JobsTable } from "../../store/tables/jobs.ts";
import type { ClaimedJob } from "../job-handler.ts";

export type ClaimedRow = Pick<
  JobsTable,
  | "id"
  | "kind"
  | "payload"
  | "lane"
  | "attempts"
  | "interruptions"
  | "cause"
  | "claim_token"
  | "priority"
  | "cancel_at_ms"
> & { seq: number };

export const CLAIMED_COLUMNS = [
  "seq",
  "id",
  "kind",
  "payload",
  "lane",
  "attempts",
  "interruptions",
  "cause",
  "claim_token",
  "priority",
  "cancel_at_ms",
] as const;

/** Best priority first, then the order of commit; UPDATE … RETURNING promises no order of its own. */
export function toClaimedJobs(rows: readonly ClaimedRow[]): readonly ClaimedJob[] {
  return rows
    .toSorted((a, b) => a.priority - b.priority || a.seq - b.seq)
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      payload: JSON.parse(row.payload),
      lane: row.lane,
      attempts: row.attempts,
      interruptions: row.interruptions,
      isCancelled: row.cancel_at_ms !== null,
      cause: row.cause,
      token: row.claim_token ?? "",
    }));
}
