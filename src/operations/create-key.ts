import type { Actor } from "../core/access/actor.ts";
import { newApiKey } from "../core/access/api-key.ts";
import type { Role } from "../core/access/role.ts";
import type { Decision } from "../core/effect/commit.ts";
import { newId } from "../core/ids.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface CreatedKey extends Decision {
  readonly keyId: string;
  /** Shown once; only its hash is kept. */
  readonly key: string;
  readonly prefix: string;
  readonly name: string;
  readonly role: Role;
}

/**
 * Makes a key: a user of its own with one identity and a workspace, so that what it says and does is nobody else's.
 * @throws AppError `access_denied`.
 */
export async function createKey(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly name: string; readonly role: Role },
): Promise<CreatedKey> {
  const who = await authorize(deps, actor, "manage:access");
  const { name, role } = input;
  const { key, prefix, hash } = newApiKey();
  const keyId = newId("key");
  const userId = newId("usr");
  const workspaceId = newId("ws");
  return {
    effects: [
      { type: "create-workspace", id: workspaceId, name, ownerUserId: userId },
      { type: "create-user", id: userId, displayName: name, role, workspaceId },
      {
        type: "link-identity",
        id: newId("idn"),
        userId,
        connector: "api",
        externalUserId: keyId,
        displayName: name,
      },
      { type: "create-key", id: keyId, userId, name, prefix, hash, createdBy: actor.id },
    ],
    seen: who.seen,
    keyId,
    key,
    prefix,
    name,
    role,
  };
}
