import { sql } from "kysely";
import { statement } from "../statement.ts";

/** Every call once for each sum it counts in, as `spendScopes` names them. */
const COUNTED = sql<{ key: string; day: string; cost: number; reserved: number }>`(
  select ${sql.raw(countedAs("'day:' || day"))} union all
  select ${sql.raw(countedAs("'work:' || work_id"))} union all
  select ${sql.raw(countedAs("'workspace:' || workspace_id || ':' || day"))} union all
  select ${sql.raw(countedAs("coalesce('key:' || key_id, 'user:' || user_id) || ':' || day"))})`;

function countedAs(key: string): string {
  return `${key} as key, day, cost_micro_usd as cost,
    case state when 'reserved' then reserved_micro_usd else 0 end as reserved from usage`;
}

/** Up to five sums of money that are not those of their calls. One that was swept began again with the day of its next call. */
export const wrongSums = statement((db, _p: Record<never, never>) =>
  db
    .selectFrom("spend")
    .leftJoin(COUNTED.as("counted"), (join) =>
      join.onRef("counted.key", "=", "spend.key").onRef("counted.day", ">=", "spend.day"),
    )
    .groupBy(["spend.key", "spend.spent_micro_usd", "spend.reserved_micro_usd"])
    .having((eb) =>
      eb.or([
        eb("spend.spent_micro_usd", "<>", sql<number>`coalesce(sum(counted.cost), 0)`),
        eb("spend.reserved_micro_usd", "<>", sql<number>`coalesce(sum(counted.reserved), 0)`),
      ]),
    )
    .select("spend.key")
    .orderBy("spend.key")
    .limit(5),
);

/** Up to five sums that calls since a day should count in, and that are not there. */
export const missingSums = statement((db, p: { sinceDay: string }) =>
  db
    .selectFrom(COUNTED.as("counted"))
    .leftJoin("spend", "spend.key", "counted.key")
    .where("spend.key", "is", null)
    .where("counted.key", "is not", null)
    .where("counted.day", ">=", p.sinceDay)
    .select("counted.key")
    .distinct()
    .orderBy("counted.key")
    .limit(5),
);

/** Up to five calls that are counted for other work than that of their run. */
export const strayCalls = statement((db, _p: Record<never, never>) =>
  db
    .selectFrom("usage")
    .innerJoin("runs", "runs.id", "usage.run_id")
    .where((eb) => eb("usage.work_id", "<>", eb.fn.coalesce("runs.task_id", "runs.id")))
    .select("usage.id")
    .orderBy("usage.id")
    .limit(5),
);
