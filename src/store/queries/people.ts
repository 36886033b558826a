import type { Selectable } from "kysely";
import { type Db, statement } from "../statement.ts";
import type { UsersTable } from "../tables/people.ts";

type UserRow = Selectable<UsersTable>;

export const userById = statement((db, p: { id: string }) =>
  db.selectFrom("users").selectAll().where("id", "=", p.id),
);

/** The machine's owner: the first overlord there was. */
export const ownerUser = statement((db) =>
  db
    .selectFrom("users")
    .selectAll()
    .where("role", "=", "overlord")
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
