import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { cardOfApproval, decidedCard, reminderOf } from "../core/approval/approval-card.ts";
import type { Decision } from "../core/effect/commit.ts";
import { type ApprovalFacts, approvalById } from "../store/queries/approvals.ts";
import { endApproval } from "./end-approval.ts";
import type { OperationDeps } from "./operation.ts";
import { remindOfCard } from "./remind-of-card.ts";
import { resumeRun } from "./resume-run.ts";
import { reviseCards } from "./revise-cards.ts";

export interface AgedApproval extends Decision {
  /** When to look at it again; not when it is decided. */
  readonly nextLookAtMs?: number;
}

/** What time does to an approval: a reminder at half its life, and its end, after which the work goes on without the call. */
export async function expireApproval(
  deps: OperationDeps,
  { approvalId: id }: { readonly approvalId: string },
): Promise<AgedApproval> {
  const approval = await deps.store.first(approvalById, { id });
  if (approval === undefined || approval.state !== "pending") {
    return { effects: [], seen: [] };
  }
  if (approval.expires_at_ms <= deps.now) return await endByTime(deps, approval);
  const nextLookAtMs = approval.expires_at_ms;
  if (approval.reminded_at_ms !== null) return { effects: [], seen: [], nextLookAtMs };
  return {
    effects: [
      { type: "remind-approval", id },
      ...(await remindOfCard(deps, cardOfApproval(id), reminderOf(approval))),
    ],
    seen: [{ table: "approvals", id, version: approval.version }],
    nextLookAtMs,
  };
}

async function endByTime(deps: OperationDeps, approval: ApprovalFacts): Promise<Decision> {
  const { id, version } = approval;
  const resumed = await resumeRun(deps, approval);
  const decided = { to: "expired", by: SYSTEM_ACTOR.id, note: null } as const;
  return {
    effects: [
      {
        type: "decide-approval",
        id,
        to: "expired",
        decidedBy: SYSTEM_ACTOR.id,
        decidedByUserId: null,
        note: null,
      },
      ...endApproval(approval, "Nobody decided about this call in time."),
      ...resumed.effects,
      ...(await reviseCards(deps, cardOfApproval(id), (card) => decidedCard(card, decided))),
    ],
    seen: [...resumed.seen, { table: "approvals", id, version }],
  };
}
