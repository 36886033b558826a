import type { Actor } from "../core/access/actor.ts";
import { type KeyRow, newestKeys } from "../store/queries/api-keys.ts";
import { parseIdCursor, toIdPage } from "./id-page.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface KeyPage {
  /** The newest first. */
  readonly items: readonly KeyRow[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * The keys, revoked ones too, a page at a time; nothing of a key but its prefix.
 * @throws AppError `access_denied`, `invalid_input` (cursor).
 */
export async function listKeys(
  deps: OperationDeps,
  actor: Actor,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<KeyPage> {
  await authorize(deps, actor, "manage:access");
  const beforeId = parseIdCursor(cursor, "key");
  return toIdPage(await newestKeys(deps.store, { beforeId, limit: limit + 1 }), limit);
}
