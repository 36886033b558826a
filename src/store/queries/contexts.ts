import type { Selectable } from "kysely";
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

/** The private conversations a workspace holds over a connector. */
export const privateContextsOf = statement((db, p: { workspaceId: string; connector: string }) =>
  db
    .selectFrom("contexts")
    .selectAll()
    .where("workspace_id", "=", p.workspaceId)
    .where("connector", "=", p.connector as ContextRow["connector"])
    .where("kind", "=", "private"),
);
