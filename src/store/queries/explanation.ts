import { statement } from "../statement.ts";

const MOST_ROWS = 100;

export const namedStepsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    // Both columns: the index of usage is by its run.
    .leftJoin("usage", (join) =>
      join.on("usage.run_id", "=", p.runId).onRef("usage.step_id", "=", "run_steps.id"),
    )
    .select(["number", "kind", "name", "run_steps.state", "error"])
    .select(["started_at_ms", "finished_at_ms", "input_tokens", "output_tokens", "cost_micro_usd"])
    .where("run_steps.run_id", "=", p.runId)
    .orderBy("number")
    .limit(MOST_ROWS),
);

export const usageOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("usage")
    .select((eb) => [
      eb.fn.sum<number>("input_tokens").as("input_tokens"),
      eb.fn.sum<number>("output_tokens").as("output_tokens"),
      eb.fn.sum<number>("cost_micro_usd").as("cost_micro_usd"),
    ])
    .where("run_id", "=", p.runId),
);
