import { sql } from "kysely";
import { DELIVERY_STATES } from "../../core/delivery/delivery.ts";
import { statement } from "../statement.ts";

type Nothing = Record<never, never>;

// Written out, so that SQLite sees that its partial indexes apply.
const PENDING = sql.lit<"pending">("pending");
const SENT = sql.lit<"sent">("sent");
const KEPT = sql.lit<"kept">("kept");
/** Those that are neither sent nor kept. */
const OPEN_STATES = DELIVERY_STATES.filter((state) => state !== "sent" && state !== "kept");

export const newestMessage = statement((db, _p: Nothing) =>
  db.selectFrom("messages").select("seq").orderBy("seq", "desc").limit(1),
);

export const oldestPendingMessage = statement((db, _p: Nothing) =>
  db.selectFrom("messages").select("seq").where("outcome", "=", PENDING).orderBy("seq").limit(1),
);

/** How many messages ended how, of those with `after` < seq ≤ `through`. */
export const countOutcomes = statement((db, p: { after: number; through: number }) =>
  db
    .selectFrom("messages")
    .select((eb) => ["outcome" as const, eb.fn.countAll<number>().as("count")])
    .where("seq", ">", p.after)
    .where("seq", "<=", p.through)
    .groupBy("outcome"),
);

export const newestDelivery = statement((db, _p: Nothing) =>
  db.selectFrom("deliveries").select("seq").orderBy("seq", "desc").limit(1),
);

/** How many deliveries there are with `after` < seq ≤ `through`, and how many of them are kept. */
export const countDeliveries = statement((db, p: { after: number; through: number }) =>
  db
    .selectFrom("deliveries")
    .select((eb) => [
      eb.fn.countAll<number>().as("count"),
      eb.fn.countAll<number>().filterWhere("state", "=", KEPT).as("kept"),
    ])
    .where("seq", ">", p.after)
    .where("seq", "<=", p.through),
);

/** Deliveries that are neither sent nor kept, by state: a small set, found by the index of those that are not sent. */
export const countOpenDeliveries = statement((db, _p: Nothing) =>
  db
    .selectFrom("deliveries")
    .select((eb) => ["state" as const, eb.fn.countAll<number>().as("count")])
    .where("state", "<>", SENT)
    .where(
      "state",
      "in",
      OPEN_STATES.map((state) => sql.lit(state)),
    )
    .groupBy("state"),
);
