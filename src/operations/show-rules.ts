import type { Actor } from "../core/access/actor.ts";
import { rulesOfContext } from "../store/queries/memory.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/** The rules that people have stated in a conversation, oldest first. @throws AppError `access_denied`. */
export async function showRules(
  deps: OperationDeps,
  actor: Actor,
  contextId: string,
): Promise<readonly { readonly number: number; readonly text: string }[]> {
  await authorize(deps, actor, "converse");
  return await deps.store.all(rulesOfContext, { contextId });
}
