import type { Decision } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { ApprovalFacts } from "../store/queries/approvals.ts";
import { taskById } from "../store/queries/tasks.ts";
import { runTaskJob } from "./create-task.ts";
import type { OperationDeps } from "./operation.ts";

/**
 * Puts a parked run back into its lane, at the tail; one that is at work finds out by itself. Which of the two it is, the
 * decision rests on.
 */
export async function resumeRun(
  deps: OperationDeps,
  { run_id: runId, run_state: state, run_version: version, ...approval }: ApprovalFacts,
): Promise<Decision> {
  const seen = [{ table: "runs", id: runId, version }] as const;
  if (state !== "parked") return { effects: [], seen };
  const unpark: Effect = {
    type: "move-run",
    id: runId,
    from: ["parked"],
    to: "queued",
    model: null,
    error: null,
  };
  const goOn: Effect = { ...(await jobOf(deps, runId, approval)), cause: approval.run_cause };
  return { effects: [unpark, goOn], seen };
}

async function jobOf(
  { store, now }: OperationDeps,
  runId: string,
  { task_id: taskId, context_id: contextId }: Pick<ApprovalFacts, "task_id" | "context_id">,
): Promise<EffectOf<"enqueue-job">> {
  if (taskId !== null) {
    const task = await store.first(taskById, { id: taskId });
    return runTaskJob(taskId, task?.priority ?? "p2", now);
  }
  return {
    type: "enqueue-job",
    job: {
      id: newId("job"),
      kind: "run-turn",
      payload: { runId },
      lane: laneOf.turn(contextId),
      priority: PRIORITY.turn,
      runAtMs: now,
    },
  };
}
