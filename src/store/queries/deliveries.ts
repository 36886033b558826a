import { type Selectable, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { DeliveryState } from "../../core/delivery/delivery.ts";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { DeliveriesTable } from "../tables/deliveries.ts";
import type { Tables } from "../tables.ts";

export type DeliveryRow = Selectable<DeliveriesTable>;

/** How far back an id may be named by its tail alone; the whole id always works. */
const TAIL_REACH = 10_000;
const IS_NOT_SENT = sql<SqlBool>`state <> 'sent'`;

export const deliveryById = statement((db, p: { id: string }) =>
  db.selectFrom("deliveries").selectAll().where("id", "=", p.id),
);

/** What was shown of an answer while it grew. */
export const draftOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("run_id", "=", p.runId)
    // Written out, so that SQLite sees that its partial index applies.
    .where("kind", "=", sql.lit("draft" as const)),
);

/** What was said in answer to an inbound message, in the order it was said. */
export const deliveriesOfMessage = statement((db, p: { messageId: string }) =>
  db.selectFrom("deliveries").selectAll().where("message_id", "=", p.messageId).orderBy("seq"),
);

/** The copies of a card and all that they became, in that order. */
export const deliveriesOfCard = statement((db, p: { card: string }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("card", "=", p.card)
    .where("card", "is not", null)
    .orderBy("seq"),
);

/** What a delivery became last. */
export const newestRevision = statement((db, p: { deliveryId: string }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("revises", "=", p.deliveryId)
    .where("revises", "is not", null)
    .orderBy("revision", "desc")
    .limit(1),
);

/** The newest first. */
export const recentDeliveriesOfContext = statement((db, p: { contextId: string; limit: number }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("context_id", "=", p.contextId)
    .orderBy("seq", "desc")
    .limit(p.limit),
);

/** What had been said in a conversation by an instant, the newest first, by what its platform calls it. */
export const sentBefore = statement(
  (db, p: { contextId: string; beforeMs: number; limit: number }) =>
    db
      .selectFrom("deliveries")
      .select(["receipts", "run_id", "card"])
      .where("context_id", "=", p.contextId)
      .where("created_at_ms", "<=", p.beforeMs)
      .orderBy("seq", "desc")
      .limit(p.limit),
);

/** What there is to say of a delivery without what was said in it. */
const SUMMARY_COLUMNS = [
  "seq",
  "id",
  "context_id",
  "connector",
  "account",
  "external_id",
  "kind",
  "state",
  "parts_sent",
  "marked",
  "error",
  "dropped_by",
  "drop_reason",
  "message_id",
  "run_id",
  "task_id",
  "created_at_ms",
  "updated_at_ms",
] as const;
export type DeliverySummary = Pick<DeliveryRow, (typeof SUMMARY_COLUMNS)[number]> & {
  /** What its conversation is called, by whoever named it there. */
  readonly context_title: string;
};

export interface DeliveryFilter {
  /** Only those of conversations of this workspace; `undefined`: all. */
  readonly workspaceId: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly contextId?: string | undefined;
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listDeliveries(store: Reader, filter: DeliveryFilter): Promise<DeliverySummary[]> {
  const { state, contextId, beforeSeq, limit } = filter;
  return store.list<DeliverySummary>((db) => {
    let query = db
      .selectFrom("deliveries")
      .select(SUMMARY_COLUMNS)
      .select(
        sql<string>`(select c.title from contexts c where c.id = deliveries.context_id)`.as(
          "context_title",
        ),
      );
    // Written out, so that SQLite sees that its partial index of deliveries that are not sent applies.
    if (state !== undefined) query = query.where("state", "=", sql.lit(state));
    if (state !== undefined && state !== "sent") query = query.where(IS_NOT_SENT);
    if (contextId !== undefined) query = query.where("context_id", "=", contextId);
    if (beforeSeq !== undefined) query = query.where("seq", "<", beforeSeq);
    return ofWorkspace(query, filter.workspaceId).orderBy("seq", "desc").limit(limit);
  });
}

/** Up to two ids of recent deliveries that end in `tail` (letters and digits only). */
export function findDeliveryIdsByTail(
  store: Reader,
  tail: string,
  workspaceId: string | undefined,
): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) => {
    const recent = db
      .selectFrom((eb) =>
        eb
          .selectFrom("deliveries")
          .select(["id", "context_id"])
          .orderBy("seq", "desc")
          .limit(TAIL_REACH)
          .as("deliveries"),
      )
      .select("id")
      .where("id", "like", `%${tail}`);
    return ofWorkspace(recent, workspaceId).limit(2);
  });
}

/** Asks a row at a time: a list of the workspace's conversations first would make SQLite sort all they ever held. */
function ofWorkspace<O>(
  query: SelectQueryBuilder<Tables, "deliveries", O>,
  workspaceId: string | undefined,
): SelectQueryBuilder<Tables, "deliveries", O> {
  if (workspaceId === undefined) return query;
  return query.where(
    sql<SqlBool>`exists (select 1 from contexts c where c.id = deliveries.context_id and c.workspace_id = ${workspaceId})`,
  );
}

/** The page conversations of the owners: where the runtime tells what went wrong elsewhere. */
export const ownerWebContexts = statement((db) =>
  db
    .selectFrom("contexts")
    .innerJoin("users", "users.workspace_id", "contexts.workspace_id")
    .selectAll("contexts")
    .where("users.role", "=", "overlord")
    .where("contexts.connector", "=", "web")
    .orderBy("contexts.created_at_ms"),
);
