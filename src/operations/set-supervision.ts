import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { ContextSettings } from "../core/effect/context-effect.ts";
import { AppError } from "../core/errors.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { changeContext, supervisionOf } from "./change-context.ts";
import { loadManagedContext } from "./load-managed-context.ts";
import type { OperationDeps } from "./operation.ts";

export type Supervision = NonNullable<ContextSettings["supervision"]>["of"] | "nothing";

/** Their replies are fetched by whoever asks: nobody would read there what they did not ask for. */
const READ_BY_NOBODY: ReadonlySet<ConnectorName> = new Set(["cli", "api"]);

/**
 * Says whether admins are told in a conversation of what fails: in its own workspace, in all (a hub), or no more. What
 * holds already changes nothing. @throws AppError `access_denied`, `invalid_input` (the terminal, the API).
 */
export async function setSupervision(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly contextId: string; readonly of: Supervision },
): Promise<Decision & { readonly hasChanged: boolean }> {
  const { context, userId, seen } = await loadManagedContext(deps, actor, input.contextId);
  const { of } = input;
  if (of !== "nothing" && READ_BY_NOBODY.has(context.connector)) {
    throw new AppError(
      "invalid_input",
      "Nobody would read it here. Send this in the chat or on the page where you want to be told.",
    );
  }
  if ((supervisionOf(context)?.of ?? "nothing") === of && isTheirs(context, userId)) {
    return { effects: [], seen: [], hasChanged: false };
  }
  const supervision = of === "nothing" ? null : { of, userId };
  return { effects: [changeContext(context, { supervision })], seen, hasChanged: true };
}

/** A private chat is an admin context as long as whoever made it one is an admin: only their own word counts. */
function isTheirs(
  context: { readonly kind: string; readonly admin_user_id: string | null },
  userId: string,
): boolean {
  return (
    context.kind === "group" || context.admin_user_id === null || context.admin_user_id === userId
  );
}
