import { type Selectable, sql } from "kysely";
import { statement } from "../statement.ts";
import type { PairingsTable } from "../tables/people.ts";

export type PairingRow = Selectable<PairingsTable>;

const MOST_LINKS = 200;

export const pairingByCodeHash = statement((db, p: { codeHash: string }) =>
  db.selectFrom("pairings").selectAll().where("code_hash", "=", p.codeHash),
);

/** The open requests of one identity, oldest first; also those whose time is over but that nobody has ended. */
export const pendingPairingsOf = statement((db, p: { connector: string; externalUserId: string }) =>
  db
    .selectFrom("pairings")
    .selectAll()
    .where("connector", "=", p.connector)
    .where("external_user_id", "=", p.externalUserId)
    .where("status", "=", "pending")
    .orderBy("created_at_ms")
    .orderBy("id"),
);

/** Links printed for the owner that nobody has used yet. */
export const pendingOwnerLinks = statement((db, p: { connector: string }) =>
  db
    .selectFrom("pairings")
    .selectAll()
    .where("connector", "=", p.connector)
    .where("external_user_id", "is", null)
    .where("status", "=", "pending")
    .limit(MOST_LINKS),
);

/** Requests of people that wait for a decision, by id, so that the oldest come first. */
export const pendingPairings = statement((db, p: { now: number; afterId: string; limit: number }) =>
  db
    .selectFrom("pairings")
    .selectAll()
    .where("external_user_id", "is not", null)
    // Written out, so that SQLite sees that its partial index applies.
    .where("status", "=", sql.lit("pending"))
    .where("expires_at_ms", ">", p.now)
    .where("id", ">", p.afterId)
    .orderBy("id")
    .limit(p.limit),
);
