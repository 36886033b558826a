import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { changeContext, NOTHING_SET } from "./change-context.ts";
import { findContext } from "./find-place.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface ResetContext extends Decision {
  readonly contextId: string;
  readonly title: string;
}

/**
 * Takes away from outside what admins set in a conversation: that it is an admin channel, its prompt, its settings. For
 * chats that no admin is in any more. @throws AppError `access_denied`, `not_found`, `invalid_input` (not a unique tail).
 */
export async function resetContext(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly context: string },
): Promise<ResetContext> {
  const who = await authorize(deps, actor, "manage:contexts");
  const context = await findContext(deps, who, input.context);
  return {
    effects: [changeContext(context, NOTHING_SET)],
    seen: who.seen,
    contextId: context.id,
    title: context.title,
  };
}
