import { type Db, statement } from "../statement.ts";

/**
 * Somebody else who may let people in and change roles: an overlord who can still be recognised. A key is none: who
 * holds it is not known.
 */
export function anotherOverlord(db: Db, userId: string) {
  return db
    .selectFrom("users as other")
    .select(["other.id", "other.version"])
    .where("other.role", "=", "overlord")
    .where("other.id", "!=", userId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("identities as theirs")
          .select("theirs.id")
          .whereRef("theirs.user_id", "=", "other.id"),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("api_keys")
            .select("api_keys.id")
            .whereRef("api_keys.user_id", "=", "other.id"),
        ),
      ),
    );
}

export const overlordBeside = statement((db, p: { userId: string }) =>
  anotherOverlord(db, p.userId).orderBy("other.created_at_ms").orderBy("other.id").limit(1),
);
