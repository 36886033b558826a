import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { contextById } from "../store/queries/contexts.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/**
 * Begins a conversation anew: what was said up to this message is told to no model any more, and taints nothing. Nothing
 * is deleted. In a group that is for whoever says what holds there.
 * @throws AppError `access_denied`, `not_found`.
 */
export async function beginAnew(
  deps: OperationDeps,
  actor: Actor,
  { contextId, messageSeq }: { readonly contextId: string; readonly messageSeq: number },
): Promise<Decision> {
  const { seen } = await authorize(deps, actor, "converse");
  const context = await deps.store.first(contextById, { id: contextId });
  if (context === undefined) throw new AppError("not_found", "There is no such conversation.");
  if (context.kind === "group") await authorize(deps, actor, "manage:contexts");
  return { effects: [{ type: "begin-conversation", contextId, messageSeq }], seen };
}
