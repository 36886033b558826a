import type { Actor } from "../core/access/actor.ts";
import { type KeyRow, recentKeys } from "../store/queries/api-keys.ts";
import { authorize, type OperationDeps } from "./operation.ts";

const MOST_KEYS = 500;

/** The newest keys first, revoked ones too; nothing of a key but its prefix. @throws AppError `access_denied`. */
export async function listKeys(deps: OperationDeps, actor: Actor): Promise<readonly KeyRow[]> {
  await authorize(deps, actor, "manage:access");
  return await deps.store.all(recentKeys, { limit: MOST_KEYS });
}
