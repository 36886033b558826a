import { statement } from "../statement.ts";

/** Audit rows after `seq`, oldest first: what a live page missed, and what `audit verify` walks. */
export const auditAfter = statement((db, p: { seq: number; limit: number }) =>
  db.selectFrom("audit").selectAll().where("seq", ">", p.seq).orderBy("seq").limit(p.limit),
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
