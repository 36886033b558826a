import { sql } from "kysely";
import { type Db, statement } from "../statement.ts";
import type { AuditTable } from "../tables/bookkeeping.ts";

/** Where a row stands in the chain is decided when it is sealed: rows are not committed in the order of `seq`. */
interface SealedLaterAuditTable extends AuditTable {
  place: number | null;
}

type Nothing = Record<never, never>;

const withPlaces = (db: Db) => db.withTables<{ audit: SealedLaterAuditTable }>();
const CONTENT = ["at_ms", "name", "actor", "cause", "effects", "ids", "digest"] as const;
const place = sql.ref<number>("place");

/** Where the chain ends, where rows are sealed after their commit. */
export const lastSealedAudit = statement((db, _p: Nothing) =>
  withPlaces(db)
    .selectFrom("audit")
    .select(["hash", place.as("seq")])
    .where("place", "is not", null)
    .orderBy("place", "desc")
    .limit(1),
);

/** Rows by their place in the chain, which is what `seq` of a head counts. */
export const sealedAuditAfter = statement((db, p: { place: number; limit: number }) =>
  withPlaces(db)
    .selectFrom("audit")
    .select([...CONTENT, "hash", place.as("seq")])
    .where("place", ">", p.place)
    .orderBy("place")
    .limit(p.limit),
);

/** The first place is 1. */
export const countSealedAuditBeforeFirst = statement((db, _p: Nothing) =>
  withPlaces(db)
    .selectFrom("audit")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("place", "<", 1),
);

/** Committed rows that wait for their seal. */
export const unsealedAudit = statement((db, p: { limit: number }) =>
  withPlaces(db)
    .selectFrom("audit")
    .select(["seq", ...CONTENT])
    .where("place", "is", null)
    .orderBy("seq")
    .limit(p.limit),
);

export const countUnsealedAudit = statement((db, _p: Nothing) =>
  withPlaces(db)
    .selectFrom("audit")
    .select((eb) => [eb.fn.countAll<number>().as("count"), eb.fn.min("at_ms").as("since_ms")])
    .where("place", "is", null),
);
