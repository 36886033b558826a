import type { Role } from "../core/access/role.ts";
import { sha256Hex } from "../core/ids.ts";
import { sessionByTokenHash } from "../store/queries/sessions.ts";
import type { OperationDeps } from "./operation.ts";

export interface Session {
  readonly userId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly workspaceId: string;
  readonly expiresAtMs: number;
}

/** The session behind a cookie; `undefined` when there is none or it has run out. */
export async function findSession(
  { store, now }: OperationDeps,
  token: string,
): Promise<Session | undefined> {
  const row = await store.first(sessionByTokenHash, { tokenHash: sha256Hex(token) });
  if (row === undefined || row.expires_at_ms <= now) return undefined;
  return {
    userId: row.user_id,
    displayName: row.display_name,
    role: row.role,
    workspaceId: row.workspace_id,
    expiresAtMs: row.expires_at_ms,
  };
}
