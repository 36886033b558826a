import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { hasVisibleText } from "../core/message/storable-text.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface CreatedWorkspace extends Decision {
  readonly workspaceId: string;
  readonly name: string;
}

/** Makes a workspace that is nobody's own, to bind conversations to. @throws AppError `access_denied`, `invalid_input`. */
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
  const workspaceId = newId("ws");
  return {
    effects: [{ type: "create-workspace", id: workspaceId, name, ownerUserId: null }],
    seen,
    workspaceId,
    name,
  };
}
