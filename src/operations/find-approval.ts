import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { type ApprovalFacts, approvalById } from "../store/queries/approvals.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { cleanId, notFound } from "./typed-id.ts";

/**
 * The approval with this id; a part of it, or "the latest", names none: what is approved must be certain.
 * @throws AppError `not_found`, `access_denied`.
 */
export async function findApproval(
  deps: OperationDeps,
  actor: Actor,
  { text }: { readonly text: string },
): Promise<ApprovalFacts> {
  await authorize(deps, actor, "decide:approval");
  const id = cleanId(text);
  const approval = await deps.store.first(approvalById, { id });
  if (approval !== undefined) return approval;
  if (id.startsWith("act_")) throw notFound({ prefix: "act", name: "approval" }, id);
  throw new AppError("not_found", "An approval is named by its whole id, which begins with act_.");
}
