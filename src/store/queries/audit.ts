import { statement } from "../statement.ts";

type Nothing = Record<never, never>;

/** Audit rows after `seq`, oldest first: what a live page missed, and what `audit verify` walks. */
export const auditAfter = statement((db, p: { seq: number; limit: number }) =>
  db.selectFrom("audit").selectAll().where("seq", ">", p.seq).orderBy("seq").limit(p.limit),
);

/** The first row is row 1. */
export const countAuditBeforeFirst = statement((db, _p: Nothing) =>
  db
    .selectFrom("audit")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("seq", "<", 1),
);

/** A row when the store holds anything that only a commit with a row of the record can have written. */
export const heldWork = statement((db, _p: Nothing) =>
  db
    .selectNoFrom((eb) => eb.lit(1).as("held"))
    .where((eb) =>
      eb.or([
        eb.exists(eb.selectFrom("users").select("id")),
        eb.exists(eb.selectFrom("contexts").select("id")),
        eb.exists(eb.selectFrom("messages").select("id")),
        eb.exists(eb.selectFrom("tasks").select("id")),
        eb.exists(eb.selectFrom("deliveries").select("id")),
        eb.exists(eb.selectFrom("jobs").select("id").where("kind", "<>", "probe")),
      ]),
    ),
);

/** What was committed in the name of one cause, oldest first. */
export const auditOfCause = statement((db, p: { cause: string }) =>
  db
    .selectFrom("audit")
    .select(["seq", "at_ms", "name", "actor", "effects"])
    .where("cause", "=", p.cause)
    .orderBy("seq")
    .limit(200),
);
