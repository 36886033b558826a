import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { Addressing } from "../core/message/addressing.ts";
import { changeContext } from "./change-context.ts";
import { loadManagedContext } from "./load-managed-context.ts";
import type { OperationDeps } from "./operation.ts";

export interface GroupSettings {
  /** Which text is for us; `null`: as the configuration says. */
  readonly addressing?: Addressing | null;
  /** Whether text that is not for us is triaged. */
  readonly isTriaged?: boolean;
}

/** Changes what holds in a group, from the next message on. @throws AppError `access_denied`, `invalid_input` (no group). */
export async function setGroupSettings(
  deps: OperationDeps,
  actor: Actor,
  input: GroupSettings & { readonly contextId: string },
): Promise<Decision> {
  const { contextId, ...change } = input;
  const { context, seen } = await loadManagedContext(deps, actor, contextId);
  if (context.kind !== "group") {
    throw new AppError(
      "invalid_input",
      "These are settings of groups: in private all that you say is for me. Send this in the group.",
    );
  }
  return { effects: [changeContext(context, change)], seen };
}
