import type { Decision } from "../core/effect/commit.ts";
import { newId } from "../core/ids.ts";
import { personByExternalId } from "../store/queries/people.ts";
import type { OperationDeps } from "./operation.ts";

const OWNER_NAME = "Owner";

/** The identity of whoever holds the admin token. */
export const ADMIN_TOKEN_IDENTITY = { connector: "api", externalUserId: "admin-token" } as const;

export interface Owner extends Decision {
  readonly userId: string;
  readonly workspaceId: string;
  readonly identityId: string;
}

/**
 * The machine's owner: admin token, page login and owner link are this one user. Their conversation on the page is there
 * from the start, so that a notice always has a place. Changes nothing when there is an owner.
 */
export async function ensureOwner({ store }: OperationDeps): Promise<Owner> {
  const known = await store.first(personByExternalId, ADMIN_TOKEN_IDENTITY);
  if (known !== undefined) {
    return {
      effects: [],
      seen: [],
      userId: known.user_id,
      workspaceId: known.workspace_id,
      identityId: known.identity_id,
    };
  }
  const userId = newId("usr");
  const workspaceId = newId("ws");
  const identityId = newId("idn");
  return {
    effects: [
      { type: "create-workspace", id: workspaceId, name: OWNER_NAME, ownerUserId: userId },
      { type: "create-user", id: userId, displayName: OWNER_NAME, role: "overlord", workspaceId },
      {
        type: "create-context",
        id: newId("ctx"),
        workspaceId,
        address: { connector: "web", account: userId, externalId: userId },
        kind: "private",
        title: OWNER_NAME,
      },
      {
        type: "link-identity",
        id: identityId,
        userId,
        ...ADMIN_TOKEN_IDENTITY,
        displayName: OWNER_NAME,
      },
    ],
    seen: [],
    userId,
    workspaceId,
    identityId,
  };
}
