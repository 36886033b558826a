import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { DeliveriesTable } from "../tables.ts";

export type DeliveryRow = Selectable<DeliveriesTable>;

export const deliveryById = statement((db, p: { id: string }) =>
  db.selectFrom("deliveries").selectAll().where("id", "=", p.id),
);

/** What was said in answer to an inbound message, in the order it was said. */
export const deliveriesOfMessage = statement((db, p: { messageId: string }) =>
  db.selectFrom("deliveries").selectAll().where("message_id", "=", p.messageId).orderBy("seq"),
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

export const countDeliveriesByState = statement((db) =>
  db
    .selectFrom("deliveries")
    .select(["state", (eb) => eb.fn.countAll<number>().as("count")])
    .groupBy("state"),
);

/** What could not be delivered, the newest first. */
export const deadDeliveries = statement((db, p: { limit: number }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("state", "=", "dead")
    .orderBy("seq", "desc")
    .limit(p.limit),
);

/** The conversation a delivery belongs to. */
export const contextOfDelivery = statement((db, p: { contextId: string }) =>
  db.selectFrom("contexts").selectAll().where("id", "=", p.contextId),
);

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
