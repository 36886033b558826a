import { statement } from "../statement.ts";

const MOST_ROWS = 100;

export const namedStepsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    .select(["number", "kind", "name", "state", "error", "started_at_ms", "finished_at_ms"])
    .where("run_id", "=", p.runId)
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
