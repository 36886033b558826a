import type { ExpressionBuilder, Selectable } from "kysely";
import { type Db, statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { IdentitiesTable, UsersTable } from "../tables/people.ts";
import type { Tables } from "../tables.ts";

export type UserRow = Selectable<UsersTable>;
export type IdentityRow = Selectable<IdentitiesTable>;

export const userById = statement((db, p: { id: string }) =>
  db.selectFrom("users").selectAll().where("id", "=", p.id),
);

/** Unlike `userById` not somebody whose last account was unlinked, or whose key was revoked. */
export const linkedUserById = statement((db, p: { id: string }) =>
  db.selectFrom("users").selectAll().where("users.id", "=", p.id).where(hasIdentity),
);

/** The machine's owner: the first overlord there was, and no key. */
export const ownerUser = statement((db) =>
  db
    .selectFrom("users")
    .selectAll()
    .where("role", "=", "overlord")
    .where(hasIdentity)
    .where((eb) => eb.not(isKey(eb)))
    .orderBy("created_at_ms")
    .orderBy("id")
    .limit(1),
);

/** An identity with the user behind it; versions of both, because a decision rests on both. */
export const personByIdentityId = statement((db, p: { id: string }) =>
  selectPerson(db).where("identities.id", "=", p.id),
);

/** Only for connectors whose platform proves who the sender is. */
export const personByExternalId = statement(
  (db, p: { connector: string; externalUserId: string }) =>
    selectPerson(db)
      .where("identities.connector", "=", p.connector)
      .where("identities.external_user_id", "=", p.externalUserId),
);

export const identitiesOfUser = statement((db, p: { userId: string }) =>
  db
    .selectFrom("identities")
    .selectAll()
    .where("user_id", "=", p.userId)
    .orderBy("created_at_ms")
    .orderBy("id"),
);

/** People, by id; keys are none. */
export const linkedPeople = statement((db, p: { afterId: string; limit: number }) =>
  db
    .selectFrom("users")
    .selectAll()
    .where("users.id", ">", p.afterId)
    .where(hasIdentity)
    .where((eb) => eb.not(isKey(eb)))
    .orderBy("users.id")
    .limit(p.limit),
);

export const linkedPersonById = statement((db, p: { id: string }) =>
  db
    .selectFrom("users")
    .selectAll()
    .where("users.id", "=", p.id)
    .where(hasIdentity)
    .where((eb) => eb.not(isKey(eb))),
);

/** Up to two ids of people that end in `tail` (letters and digits only). */
export function findPersonIdsByTail(store: Reader, tail: string): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) =>
    db
      .selectFrom("users")
      .select("users.id")
      .where("users.id", "like", `%${tail}`)
      .where(hasIdentity)
      .where((eb) => eb.not(isKey(eb)))
      .limit(2),
  );
}

export const identityById = statement((db, p: { id: string }) =>
  db.selectFrom("identities").selectAll().where("id", "=", p.id),
);

/** Up to two ids of identities that end in `tail` (letters and digits only). */
export function findIdentityIdsByTail(store: Reader, tail: string): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) =>
    db.selectFrom("identities").select("id").where("id", "like", `%${tail}`).limit(2),
  );
}

export async function identitiesOfUsers(
  store: Reader,
  userIds: readonly string[],
): Promise<IdentityRow[]> {
  if (userIds.length === 0) return [];
  return await store.list<IdentityRow>((db) =>
    db
      .selectFrom("identities")
      .selectAll()
      .where("user_id", "in", userIds)
      .orderBy("created_at_ms")
      .orderBy("id"),
  );
}

type UsersExpression = ExpressionBuilder<Tables, "users">;

/** Somebody who is recognised by something. */
export function hasIdentity(eb: UsersExpression) {
  return eb.exists(
    eb.selectFrom("identities as own").select("own.id").whereRef("own.user_id", "=", "users.id"),
  );
}

function isKey(eb: UsersExpression) {
  return eb.exists(
    eb.selectFrom("api_keys").select("api_keys.id").whereRef("api_keys.user_id", "=", "users.id"),
  );
}

function selectPerson(db: Db) {
  return db
    .selectFrom("identities")
    .innerJoin("users", "users.id", "identities.user_id")
    .select([
      "identities.id as identity_id",
      "identities.version as identity_version",
      "users.id as user_id",
      "users.version as user_version",
      "users.display_name",
      "users.role",
      "users.workspace_id",
    ]);
}

export interface PersonRow {
  readonly identity_id: string;
  readonly identity_version: number;
  readonly user_id: string;
  readonly user_version: number;
  readonly display_name: string;
  readonly role: UserRow["role"];
  readonly workspace_id: string;
}
