import { sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type Due, dueAt, lockLaneSteps, promoteSteps } from "./job-steps.ts";
import { type CompiledEffect, write } from "./step.ts";

const toTail = statement((db, p: Due & { jobId: string; lane: string }, dialect) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      seq: sql<number>`${sql.raw(dialect.nextJobSeq)}`,
      head: eb.lit(0),
      run_at_ms: p.runAtMs,
      delayed_from_ms: p.delayedFromMs,
    }))
    .where("id", "=", p.jobId)
    .where("lane", "=", p.lane)
    .where("state", "=", "ready"),
);

export const requeueSteps = {
  "requeue-job": (
    { jobId, lane, runAtMs }: EffectOf<"requeue-job">,
    facts: CommitFacts,
  ): CompiledEffect => ({
    steps: [
      ...lockLaneSteps(lane, facts),
      write(toTail, { jobId, lane, ...dueAt(runAtMs, facts) }),
      ...promoteSteps(lane),
    ],
    changes: [{ topic: "jobs", id: jobId }],
  }),
};
