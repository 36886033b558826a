import { cardOfApproval } from "../core/approval/approval-card.ts";
import { type Unfulfilled, unfulfilledCard } from "../core/approval/outcome-card.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { OperationDeps } from "./operation.ts";
import { reviseCards } from "./revise-cards.ts";

/** Says on every copy of a card that what was approved did not come about, or that nobody knows. */
export async function tellApprovers(
  deps: OperationDeps,
  approvalId: string,
  outcome: Unfulfilled,
): Promise<readonly Effect[]> {
  return await reviseCards(deps, cardOfApproval(approvalId), (card) =>
    unfulfilledCard(card, outcome),
  );
}
