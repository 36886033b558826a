import type { Effect } from "../core/effect/effect.ts";
import type { ApprovalRow } from "../store/queries/approvals.ts";

/** What follows for a call that is not approved: its step ends, and the model is told why. */
export function endApproval(
  approval: Pick<ApprovalRow, "step_id" | "is_repeat">,
  why: string,
): readonly Effect[] {
  const { step_id: id, is_repeat: isRepeat } = approval;
  if (isRepeat === 0) {
    return [{ type: "deny-call", id, from: "waiting", result: JSON.stringify({ text: why }) }];
  }
  const text = `The runtime ended while this call ran: nobody knows whether it happened. ${why}`;
  return [{ type: "deny-call", id, from: "unknown", result: JSON.stringify({ text }) }];
}
