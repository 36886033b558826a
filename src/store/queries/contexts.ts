import {
  type Expression,
  type ExpressionBuilder,
  type RawBuilder,
  type Selectable,
  type SqlBool,
  sql,
} from "kysely";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { ContextsTable } from "../tables/people.ts";
import type { Tables } from "../tables.ts";
import { hasIdentity } from "./people.ts";

export type ContextRow = Selectable<ContextsTable>;

export const contextById = statement((db, p: { id: string }) =>
  db.selectFrom("contexts").selectAll().where("id", "=", p.id),
);

/**
 * The conversation that an address leads to: the one whose chat has left it, else the one that is there. What stepped
 * aside to an address that a chat has left is not found by it.
 */
export const contextByAddress = statement(
  (db, p: { connector: ContextRow["connector"]; account: string; externalId: string }) => {
    const leftBy = db
      .selectFrom("former_addresses")
      .select("context_id")
      .where("connector", "=", p.connector)
      .where("account", "=", p.account)
      .where("external_id", "=", p.externalId);
    const heldBy = db
      .selectFrom("contexts as there")
      .select("there.id")
      .where("there.connector", "=", p.connector)
      .where("there.account", "=", p.account)
      .where("there.external_id", "=", p.externalId);
    return db
      .selectFrom("contexts")
      .selectAll()
      .where("id", "=", (eb) => eb.fn.coalesce(leftBy, heldBy));
  },
);

/**
 * Whose account a private chat is with: it bears the account's own id, as on Telegram, and each topic in it bears
 * `<id>:<topic>`. Ranges rather than a pattern: the index finds the first, and no letter of an id means another.
 */
function isWith(account: RawBuilder<string>): RawBuilder<SqlBool> {
  const id = sql.ref("contexts.external_id");
  // In the order of bytes `;` follows `:`.
  return sql<SqlBool>`(${id} >= ${account} and ${id} < ${account} || ';'
    and (${id} = ${account} or ${id} > ${account} || ':'))`;
}

/** The newest private conversation with an account. */
export const privateContextOfPerson = statement(
  (db, p: { connector: ContextRow["connector"]; externalUserId: string }) =>
    db
      .selectFrom("contexts")
      .selectAll()
      .where("connector", "=", p.connector)
      .where(isWith(sql`${p.externalUserId}`))
      .where("kind", "=", "private")
      .orderBy("created_at_ms", "desc")
      .limit(1),
);

/** The private conversations in the workspace of everyone who looks after the runtime, the newest first. */
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

/** The same by whose account a chat is with: it may have been bound to another workspace. */
export const chatsOfAdmins = statement((db, p: { limit: number }) =>
  db
    .selectFrom("users")
    .innerJoin("identities", "identities.user_id", "users.id")
    .innerJoin("contexts", (join) =>
      join
        .onRef("contexts.connector", "=", "identities.connector")
        .on(isWith(sql.ref("identities.external_user_id"))),
    )
    .selectAll("contexts")
    .select("users.id as user_id")
    .where("users.role", "in", ["overlord", "admin"])
    .where("contexts.kind", "=", "private")
    .where("contexts.connector", "in", ["telegram", "discord"])
    .orderBy("contexts.created_at_ms", "desc")
    .orderBy("contexts.id")
    .limit(p.limit),
);

/** What is told to admins there is: in a private chat only as long as whoever made it an admin context is an admin. */
function isHeard(eb: ExpressionBuilder<Tables, "contexts">): Expression<SqlBool> {
  return eb.or([
    eb("contexts.kind", "=", "group"),
    eb.exists(
      eb
        .selectFrom("users")
        .select("users.id")
        .whereRef("users.id", "=", "contexts.admin_user_id")
        .where("users.role", "in", ["overlord", "admin"])
        .where(hasIdentity),
    ),
  ]);
}

const MOST_ADMIN_CONTEXTS = 50;

/**
 * Where admins hear of what happens in a workspace: its own admin contexts and every hub.
 */
export const adminContextsOver = statement((db, p: { workspaceId: string }) =>
  db
    .selectFrom("contexts")
    .selectAll()
    // Written out, so that SQLite sees that its partial index applies.
    .where("is_admin", "=", sql.lit(1))
    .where((eb) => eb.or([eb("workspace_id", "=", p.workspaceId), eb("is_hub", "=", 1)]))
    .where(isHeard)
    .orderBy("created_at_ms")
    .orderBy("id")
    .limit(MOST_ADMIN_CONTEXTS),
);

/** The private conversations with an account, and those over its connector that a workspace holds (`null`: of none). */
export const privateContextsOf = statement(
  (db, p: { workspaceId: string | null; connector: string; account: string }) =>
    db
      .selectFrom("contexts")
      .selectAll()
      .where("connector", "=", p.connector as ContextRow["connector"])
      .where("kind", "=", "private")
      .where((eb) => eb.or([eb("workspace_id", "=", p.workspaceId), isWith(sql`${p.account}`)])),
);

/** Whether a private conversation is with an account of whom a workspace is the own. */
export const ownPrivateContext = statement((db, p: { id: string; workspaceId: string }) =>
  db
    .selectFrom("contexts")
    .innerJoin("identities", "identities.connector", "contexts.connector")
    .innerJoin("users", "users.id", "identities.user_id")
    .select("contexts.id")
    .where("contexts.id", "=", p.id)
    .where("users.workspace_id", "=", p.workspaceId)
    .where(isWith(sql.ref("identities.external_user_id"))),
);

interface InGroup {
  connector: ContextRow["connector"];
  account: string;
  /** `<id of the group>:%` */
  pattern: string;
}

export const topicsOfGroup = statement((db, p: InGroup) =>
  db
    .selectFrom("contexts")
    .select(["id", "external_id"])
    .where("connector", "=", p.connector)
    .where("account", "=", p.account)
    .where("external_id", "like", p.pattern)
    .orderBy("id"),
);

/** The topics of a group that are in a workspace. */
export const topicsInWorkspace = statement((db, p: InGroup & { workspaceId: string }) =>
  db
    .selectFrom("contexts")
    .selectAll()
    .where("connector", "=", p.connector)
    .where("account", "=", p.account)
    .where("external_id", "like", p.pattern)
    .where("workspace_id", "=", p.workspaceId),
);

export type ListedContext = ContextRow & {
  readonly workspace_name: string;
  /** 0: nothing is told there, whatever is set. */
  readonly is_heard: number;
};

/** By id, so that the oldest come first; of one workspace, or (`undefined`) of all. */
export function listContextRows(
  store: Reader,
  p: { workspaceId: string | undefined; afterId: string; limit: number },
): Promise<ListedContext[]> {
  return store.list<ListedContext>((db) => {
    const query = db
      .selectFrom("contexts")
      .innerJoin("workspaces", "workspaces.id", "contexts.workspace_id")
      .selectAll("contexts")
      .select("workspaces.name as workspace_name")
      .select((eb) => eb.case().when(isHeard(eb)).then(1).else(0).end().as("is_heard"))
      .where("contexts.id", ">", p.afterId)
      .orderBy("contexts.id")
      .limit(p.limit);
    if (p.workspaceId === undefined) return query;
    return query.where("contexts.workspace_id", "=", p.workspaceId);
  });
}

/** Up to two ids of conversations that end in `tail` (letters and digits only); of one workspace, or of all. */
export function findContextIdsByTail(
  store: Reader,
  { tail, workspaceId }: { tail: string; workspaceId: string | undefined },
): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) => {
    const query = db.selectFrom("contexts").select("id").where("id", "like", `%${tail}`).limit(2);
    return workspaceId === undefined ? query : query.where("workspace_id", "=", workspaceId);
  });
}
