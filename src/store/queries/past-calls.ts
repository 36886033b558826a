import { sql } from "kysely";
import { statement } from "../statement.ts";

/** How many runs are looked back on at most, however long the history is. */
export const MOST_PAST_RUNS = 20_000;

/** The calls of tools that runs made since then, of the newest run first. */
export const pastCalls = statement((db, p: { sinceMs: number; limit: number }) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom("runs")
        .select(["seq", "id", "context_id", "user_id", "taint", "created_at_ms"])
        .orderBy("seq", "desc")
        .limit(MOST_PAST_RUNS)
        .as("runs"),
    )
    .innerJoin("run_steps", "run_steps.run_id", "runs.id")
    .innerJoin("contexts", "contexts.id", "runs.context_id")
    .leftJoin("users", "users.id", "runs.user_id")
    .select([
      "run_steps.name",
      "run_steps.arguments",
      "runs.taint",
      "runs.context_id",
      "contexts.title as context_title",
      "users.role",
    ])
    .select((eb) =>
      eb
        .selectFrom("approvals")
        .select((of) => of.fn.countAll<number>().as("count"))
        .whereRef("approvals.step_id", "=", "run_steps.id")
        .as("was_asked"),
    )
    .where("run_steps.kind", "=", sql.lit("tool" as const))
    .where("runs.created_at_ms", ">=", p.sinceMs)
    .orderBy("runs.seq", "desc")
    .orderBy("run_steps.number", "desc")
    .limit(p.limit),
);
export type PastCallRow = NonNullable<(typeof pastCalls)["types"]>["row"];

/** The run that `depth` newer ones follow. */
export const runAtDepth = statement((db, p: { depth: number }) =>
  db.selectFrom("runs").select("created_at_ms").orderBy("seq", "desc").limit(1).offset(p.depth),
);
