import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { findKeyIdsByTail, keyById } from "../store/queries/api-keys.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const KEY: Noun = { prefix: "key", name: "key" };

export interface RevokedKey extends Decision {
  readonly keyId: string;
  readonly name: string;
  readonly prefix: string;
}

/**
 * Ends a key at once, with every page it opened; what it said before and nobody has looked at yet is a stranger's.
 * @throws AppError `not_found`, `conflict` (revoked already), `access_denied`, `invalid_input` (not a unique tail).
 */
export async function revokeKey(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly key: string },
): Promise<RevokedKey> {
  const who = await authorize(deps, actor, "manage:access");
  const row = await findKey(deps, input.key);
  if (row.revoked_at_ms !== null) {
    throw new AppError("conflict", `${row.name} (${row.prefix}…) is revoked already.`);
  }
  return {
    effects: [{ type: "revoke-key", id: row.id, userId: row.user_id, revokedBy: actor.id }],
    seen: [...who.seen, { table: "users", id: row.user_id, version: row.user_version }],
    keyId: row.id,
    name: row.name,
    prefix: row.prefix,
  };
}

async function findKey({ store }: OperationDeps, text: string) {
  const typed = cleanId(text);
  const exact = await store.first(keyById, { id: typed });
  if (exact !== undefined) return exact;
  const ids = await findKeyIdsByTail(store, tailOf(typed, KEY));
  const row = await store.first(keyById, { id: onlyId(ids, KEY, typed) });
  if (row === undefined) throw notFound(KEY, typed);
  return row;
}
