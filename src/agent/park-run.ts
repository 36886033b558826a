import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { Settlement } from "../orchestrator/job-handler.ts";
import { type ApprovalRow, approvalsOfRun } from "../store/queries/approvals.ts";
import { openStepsOfRun, runRowById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import type { Store } from "../store/store.ts";

/**
 * Ends the job of a run whose calls wait for people, or can be taken back for a while; the end of the wait makes a new
 * one. When it came in this very moment, the run goes on instead.
 */
export async function parkRun(store: Store, runId: string, now: EpochMs): Promise<Settlement> {
  const [run, approvals, open] = await Promise.all([
    store.first(runRowById, { id: runId }),
    store.all(approvalsOfRun, { runId }),
    store.all(openStepsOfRun, { runId }),
  ]);
  const step = { name: "park-run", actor: SYSTEM_ACTOR.id } as const;
  const seen = approvals.map(({ id, version }) => ({ table: "approvals", id, version }) as const);
  const held = new Set(approvals.filter(isHeld).map((one) => one.step_id));
  const isWaiting = open.length > 0 && open.every(({ id }) => held.has(id));
  if (run === undefined || !isWaiting) {
    return { ...step, effects: [], seen, settle: { kind: "snooze", untilMs: now } };
  }
  const park: Effect = {
    type: "move-run",
    id: runId,
    from: ["running"],
    to: "parked",
    model: null,
    error: null,
  };
  return {
    ...step,
    effects: [park, ...(await blockTask(store, run.task_id))],
    seen: [...seen, { table: "runs", id: runId, version: run.version }],
    settle: { kind: "done" },
  };
}

/** Nobody has decided about the call, or it can be taken back for a while. */
function isHeld({ state, execution }: ApprovalRow): boolean {
  return state === "pending" || execution === "delayed";
}

async function blockTask(store: Store, taskId: string | null): Promise<readonly Effect[]> {
  const task = taskId === null ? undefined : await store.first(taskById, { id: taskId });
  if (task === undefined) return [];
  return [
    {
      type: "move-task",
      id: task.id,
      from: ["running"],
      to: "blocked",
      runId: null,
      resultSummary: null,
      resultText: null,
      errorMessage: null,
    },
  ];
}
