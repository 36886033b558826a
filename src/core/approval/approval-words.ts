import { type EpochMs, toMinute } from "../clock.ts";
import type { ApprovalState, ExecutionState } from "./approval.ts";

export interface DecidedApproval {
  readonly state: ApprovalState;
  readonly execution: ExecutionState;
  /** Who decided; empty when nobody did, or the runtime. */
  readonly decider: string;
  readonly note: string;
  readonly decidedAtMs: EpochMs | null;
  readonly expiresAtMs: EpochMs;
}

const EXECUTION_WORDS: Readonly<Record<ExecutionState, string>> = {
  not_executed: "not done",
  delayed: "it waits for a while, so that it can be taken back",
  taken_back: "taken back before it was done",
  executing: "being done",
  succeeded: "done",
  failed: "it failed",
  unknown: "nobody knows whether it was done",
};

/** Who decided, when, and what became of the call: `approved by Ann at …, done`. */
export function approvalInWords(approval: DecidedApproval): string {
  const { state, execution, note, decidedAtMs, expiresAtMs } = approval;
  if (state === "pending") return `open until ${toMinute(expiresAtMs)}`;
  if (state === "expired") return `expired at ${toMinute(expiresAtMs)}, nobody decided`;
  if (state === "withdrawn") return `not needed any more${note === "" ? "" : ` (${note})`}`;
  // Its work ended before anybody decided.
  if (approval.decider === "")
    return `not done${note === "" ? "" : `, ${note}`}${whenOf(decidedAtMs)}`;
  const became = state === "approved" ? `, ${EXECUTION_WORDS[execution]}` : "";
  return `${state} by ${approval.decider}${whenOf(decidedAtMs)}${became}${note === "" ? "" : ` (${note})`}`;
}

function whenOf(decidedAtMs: EpochMs | null): string {
  return decidedAtMs === null ? "" : ` at ${toMinute(decidedAtMs)}`;
}
