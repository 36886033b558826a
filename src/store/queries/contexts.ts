import { type Selectable, sql } from "kysely";
import { statement } from "../statement.ts";
import type { ContextsTable } from "../tables/people.ts";
import { hasIdentity } from "./people.ts";

export type ContextRow = Selectable<ContextsTable>;

export const contextById = statement((db, p: { id: string }) =>
  db.selectFrom("contexts").selectAll().where("id", "=", p.id),
);

export const contextByAddress = statement(
  (db, p: { connector: ContextRow["connector"]; account: string; externalId: string }) =>
    db
      .selectFrom("contexts")
      .selectAll()
      .where("connector", "=", p.connector)
      .where("account", "=", p.account)
      .where("external_id", "=", p.externalId),
);

/** The newest private conversation whose id on the platform is the person's own, as on Telegram. */
export const privateContextOfPerson = statement(
  (db, p: { connector: ContextRow["connector"]; externalUserId: string }) =>
    db
      .selectFrom("contexts")
      .selectAll()
      .where("connector", "=", p.connector)
      .where("external_id", "=", p.externalUserId)
      .where("kind", "=", "private")
      .orderBy("created_at_ms", "desc")
      .limit(1),
);

/** The private conversations of everyone who looks after the runtime, the newest first. */
export const privateContextsOfAdmins = statement((db, p: { limit: number }) =>
  db
    .selectFrom("contexts")
    .innerJoin("users", "users.workspace_id", "contexts.workspace_id")
    .selectAll("contexts")
    .select("users.id as user_id")
    .where("users.role", "in", ["overlord", "admin"])
    .where(hasIdentity)
    .where("contexts.kind", "=", "private")
    .where("contexts.connector", "in", ["telegram", "discord", "web"])
    .orderBy("contexts.created_at_ms", "desc")
    .orderBy("contexts.id")
    .limit(p.limit),
);

const MOST_ADMIN_CONTEXTS = 50;

/**
 * Where admins hear of what happens in a workspace: its own admin contexts and every hub. A private chat only as long
 * as whoever made it one is an admin.
 */
export const adminContextsOver = statement((db, p: { workspaceId: string }) =>
  db
    .selectFrom("contexts")
    .selectAll()
    // Written out, so that SQLite sees that its partial index applies.
    .where("is_admin", "=", sql.lit(1))
    .where((eb) => eb.or([eb("workspace_id", "=", p.workspaceId), eb("is_hub", "=", 1)]))
    .where((eb) =>
      eb.or([
        eb("kind", "=", "group"),
        eb.exists(
          eb
            .selectFrom("users")
            .select("users.id")
            .whereRef("users.id", "=", "contexts.admin_user_id")
            .where("users.role", "in", ["overlord", "admin"])
            .where(hasIdentity),
        ),
      ]),
    )
    .orderBy("created_at_ms")
    .orderBy("id")
    .limit(MOST_ADMIN_CONTEXTS),
);

/** The private conversations over a connector that a workspace holds, or that bear the id of an account. */
export const privateContextsOf = statement(
  (db, p: { workspaceId: string; connector: string; account: string }) =>
    db
      .selectFrom("contexts")
      .selectAll()
      .where("connector", "=", p.connector as ContextRow["connector"])
      .where("kind", "=", "private")
      .where((eb) =>
        eb.or([eb("workspace_id", "=", p.workspaceId), eb("external_id", "=", p.account)]),
      ),
);
