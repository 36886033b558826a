import type { Actor } from "../core/access/actor.ts";
import type { Seen } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { type ContextRow, contextById } from "../store/queries/contexts.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface ManagedContext {
  readonly context: ContextRow;
  readonly userId: string;
  readonly seen: readonly Seen[];
}

/** A conversation for somebody who may say what holds in it. @throws AppError `access_denied`, `not_found`. */
export async function loadManagedContext(
  deps: OperationDeps,
  actor: Actor,
  contextId: string,
): Promise<ManagedContext> {
  const { userId, seen } = await authorize(deps, actor, "manage:contexts");
  const context = await deps.store.first(contextById, { id: contextId });
  if (context === undefined) throw new AppError("not_found", "There is no such conversation.");
  return { context, userId, seen };
}
