import type { Role } from "../../core/access/role.ts";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";

/** A key that is not revoked, with the user and the identity it speaks as. */
export const liveKeyByHash = statement((db, p: { hash: string }) =>
  db
    .selectFrom("api_keys")
    .innerJoin("users", "users.id", "api_keys.user_id")
    .innerJoin("identities", "identities.user_id", "users.id")
    .select([
      "api_keys.id",
      "api_keys.last_used_at_ms",
      "identities.id as identity_id",
      "users.id as user_id",
      "users.display_name",
      "users.role",
    ])
    .where("api_keys.key_hash", "=", p.hash)
    .where("api_keys.revoked_at_ms", "is", null),
);

/** The key that speaks as this user; every key has a user to itself. Revoked ones too: what they began is still theirs. */
export const keyOfUser = statement((db, p: { userId: string }) =>
  db.selectFrom("api_keys").select("id").where("user_id", "=", p.userId),
);

export const keyById = statement((db, p: { id: string }) =>
  db
    .selectFrom("api_keys")
    .innerJoin("users", "users.id", "api_keys.user_id")
    .select(["api_keys.id", "api_keys.user_id", "api_keys.name", "api_keys.prefix"])
    .select(["api_keys.revoked_at_ms", "users.role", "users.version as user_version"])
    .where("api_keys.id", "=", p.id),
);

/** Up to two ids of keys that end in `tail` (letters and digits only). */
export function findKeyIdsByTail(store: Reader, tail: string): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) =>
    db.selectFrom("api_keys").select("id").where("id", "like", `%${tail}`).limit(2),
  );
}

export interface KeyRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly created_by: string;
  readonly created_at_ms: number;
  readonly last_used_at_ms: number | null;
  readonly revoked_at_ms: number | null;
}

/** The newest first, before the key `beforeId`; from the very first where that is empty. */
export function newestKeys(
  store: Reader,
  { beforeId, limit }: { readonly beforeId: string; readonly limit: number },
): Promise<KeyRow[]> {
  return store.list<KeyRow>((db) => {
    const query = db
      .selectFrom("api_keys")
      .innerJoin("users", "users.id", "api_keys.user_id")
      .select(["api_keys.id", "api_keys.user_id", "api_keys.name", "api_keys.prefix", "users.role"])
      .select(["api_keys.created_by", "api_keys.created_at_ms"])
      .select(["api_keys.last_used_at_ms", "api_keys.revoked_at_ms"])
      .orderBy("api_keys.id", "desc")
      .limit(limit);
    return beforeId === "" ? query : query.where("api_keys.id", "<", beforeId);
  });
}
