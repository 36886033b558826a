import { statement } from "../statement.ts";

/** More tells a forecast nothing new. */
const MOST_CALLS = 1_000;

export const spendOf = statement((db, p: { key: string }) =>
  db
    .selectFrom("spend")
    .select(["spent_micro_usd", "reserved_micro_usd", "raised_micro_usd"])
    .where("key", "=", p.key),
);

/** What each call of a piece of work cost, in their order; those that cost nothing tell nothing. */
export const costsOfWork = statement((db, p: { workId: string }) =>
  db
    .selectFrom("usage")
    .select("cost_micro_usd")
    .where("work_id", "=", p.workId)
    .where("cost_micro_usd", ">", 0)
    .orderBy("created_at_ms")
    .orderBy("id")
    .limit(MOST_CALLS),
);
