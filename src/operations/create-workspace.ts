import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { hasVisibleText } from "../core/message/storable-text.ts";
import { nameKeyOf } from "../core/name-key.ts";
import { workspaceByNameKey } from "../store/queries/workspaces.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface CreatedWorkspace extends Decision {
  readonly workspaceId: string;
  readonly name: string;
}

/**
 * Makes a workspace that is nobody's own, to bind conversations to. No two that were made so have the same name; those
 * of people and chats are called after them, whatever that is.
 * @throws AppError `access_denied`, `invalid_input`, `conflict` (the name is taken).
 */
export async function createWorkspace(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly name: string },
): Promise<CreatedWorkspace> {
  const { seen } = await authorize(deps, actor, "manage:workspaces");
  const name = input.name.trim();
  if (!hasVisibleText(name)) {
    throw new AppError("invalid_input", "name: say what the workspace is to be called.");
  }
  const namesake = await deps.store.first(workspaceByNameKey, { nameKey: nameKeyOf(name) });
  if (namesake !== undefined) {
    throw new AppError(
      "conflict",
      `There is a workspace called "${namesake.name}" already (${namesake.id}). Bind chats to it, or choose another name.`,
    );
  }
  const workspaceId = newId("ws");
  return {
    effects: [
      { type: "create-workspace", id: workspaceId, name, ownerUserId: null, isNameChosen: true },
    ],
    seen,
    workspaceId,
    name,
  };
}
