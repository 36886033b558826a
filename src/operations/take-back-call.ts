import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { cardOfApproval, takenBackCard } from "../core/approval/approval-card.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { type ApprovalFacts, approvalById } from "../store/queries/approvals.ts";
import { contextById } from "../store/queries/contexts.ts";
import { endApproval } from "./end-approval.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { resumeRun } from "./resume-run.ts";
import { reviseCards } from "./revise-cards.ts";
import { nameDecider } from "./revise-routed-card.ts";
import { cleanId, notFound } from "./typed-id.ts";

const TAKEN_BACK =
  "A person took this back before it was sent. Do not try it again in another way.";

export interface TakenBackCall extends Decision {
  readonly approval: ApprovalFacts;
}

/**
 * Takes back an approved call that still waits to be made. The work goes on without it.
 * @throws AppError `not_found`, `conflict` (it does not wait any more), `access_denied`.
 */
export async function takeBackCall(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly approval: string; readonly contextId: string | null },
): Promise<TakenBackCall> {
  const who = await authorize(deps, actor, "cancel:own-work");
  const approval = await findTheirs(deps, who, input);
  const { id, version, execution } = approval;
  if (execution !== "delayed") throw new AppError("conflict", whyNot(approval));
  const resumed = await resumeRun(deps, approval);
  const by = nameDecider(actor);
  return {
    effects: [
      { type: "move-execution", id, from: ["delayed"], to: "taken_back" },
      ...endApproval(approval, TAKEN_BACK),
      ...resumed.effects,
      ...(await reviseCards(deps, cardOfApproval(id), (card) => takenBackCard(card, by))),
    ],
    seen: [...who.seen, ...resumed.seen, { table: "approvals", id, version }],
    approval,
  };
}

/** @throws AppError `not_found` when there is none that they may know of, `access_denied` when it is not theirs to end. */
async function findTheirs(
  { store }: OperationDeps,
  who: Authorized,
  { approval: text, contextId }: { readonly approval: string; readonly contextId: string | null },
): Promise<ApprovalFacts> {
  const id = cleanId(text);
  const approval = await store.first(approvalById, { id });
  const unknown = notFound({ prefix: "act", name: "approval" }, id);
  if (approval === undefined) throw unknown;
  if (approval.requested_by_user_id === who.userId) return approval;
  const context = await store.first(contextById, { id: approval.context_id });
  const isNear = context?.workspace_id === who.workspaceId || approval.context_id === contextId;
  if (!isNear && !may(who.role, "read:all")) throw unknown;
  if (may(who.role, "cancel:any-work")) return approval;
  throw new AppError(
    "access_denied",
    "Somebody else asked for this. Taking it back takes the role operator or higher.",
  );
}

function whyNot({ id, state, execution }: ApprovalFacts): string {
  if (state === "pending") return `${id} is not approved yet: it can be denied.`;
  if (state !== "approved") return `${id} was not approved, so nothing is sent.`;
  if (execution === "taken_back") return `${id} was taken back already.`;
  return `It is too late to take ${id} back: it is being sent, or is out.`;
}
