import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { type ApprovalFacts, approvalById } from "../store/queries/approvals.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { cleanId, notFound } from "./typed-id.ts";

/**
 * One approval by its whole id, with what exactly was asked for: from admin up any, else one's own.
 * @throws AppError `not_found`, `access_denied`.
 */
export async function showApproval(
  deps: OperationDeps,
  actor: Actor,
  { text }: { readonly text: string },
): Promise<ApprovalFacts> {
  const who = await authorize(deps, actor, "read:approvals");
  const id = cleanId(text);
  const approval = await deps.store.first(approvalById, { id });
  const isTheirs = approval?.requested_by_user_id === who.userId;
  if (approval !== undefined && (isTheirs || may(who.role, "read:all"))) return approval;
  throw notFound({ prefix: "act", name: "approval" }, id);
}
