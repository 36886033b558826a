import type { EffectOf } from "../../core/effect/effect.ts";
import { FINAL_TASK_STATUSES } from "../../core/task/task.ts";
import { statement } from "../statement.ts";
import type { TasksTable } from "../tables/tasks.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { perMove } from "./per-move.ts";
import { type CompiledEffect, type Step, write } from "./step.ts";

type NewTask = Omit<
  TasksTable,
  | "seq"
  | "version"
  | "wording"
  | "run_id"
  | "overdue_notice"
  | "attempts"
  | "result_summary"
  | "result_text"
  | "result_path"
  | "error_message"
  | "started_at_ms"
  | "finished_at_ms"
  | "updated_at_ms"
>;
const insertTask = statement((db, p: NewTask) =>
  db.insertInto("tasks").values((eb) => ({
    id: p.id,
    workspace_id: p.workspace_id,
    context_id: p.context_id,
    kind: p.kind,
    title: p.title,
    prompt: p.prompt,
    status: p.status,
    route_class: p.route_class,
    priority: p.priority,
    due_at_ms: p.due_at_ms,
    assigned_lane: p.assigned_lane,
    source_connector: p.source_connector,
    source_external_id: p.source_external_id,
    source_user_id: p.source_user_id,
    source_text: p.source_text,
    wording: eb.lit(1),
    requested_by_user_id: p.requested_by_user_id,
    retry_of_task: p.retry_of_task,
    depth: p.depth,
    message_id: p.message_id,
    idempotency_key: p.idempotency_key,
    request_digest: p.request_digest,
    attempts: eb.lit(0),
    taint: p.taint,
    cause: p.cause,
    created_at_ms: p.created_at_ms,
    updated_at_ms: p.created_at_ms,
    version: eb.lit(1),
  })),
);

type TaskMove = Pick<
  TasksTable,
  "id" | "run_id" | "result_summary" | "result_text" | "error_message"
> & {
  to: TasksTable["status"];
  taint: 1 | null;
  now: number;
};
const moveTaskFrom = perMove((from: readonly TasksTable["status"][], to: TasksTable["status"]) =>
  statement((db, p: TaskMove) =>
    db
      .updateTable("tasks")
      .set((eb) => ({
        status: p.to,
        run_id: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.run_id), "text"), "run_id"),
        taint: eb.fn.coalesce(eb.cast<1 | null>(eb.val(p.taint), "integer"), "taint"),
        result_summary: p.result_summary,
        result_text: p.result_text,
        error_message: p.error_message,
        // A run that goes on after it was parked is the same attempt.
        ...(to === "running" && !from.includes("blocked")
          ? { started_at_ms: p.now, attempts: eb("attempts", "+", eb.lit(1)) }
          : {}),
        ...(FINAL_TASK_STATUSES.includes(to) ? { finished_at_ms: p.now } : {}),
        updated_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("status", "in", from),
  ),
);
const setTaskFile = statement((db, p: { id: string; resultPath: string; now: number }) =>
  db
    .updateTable("tasks")
    .set((eb) => ({
      result_path: p.resultPath,
      updated_at_ms: p.now,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id),
);

function createTask(e: EffectOf<"create-task">, { now, cause }: CommitFacts): CompiledEffect {
  const insert: Step = write(insertTask, {
    id: e.id,
    workspace_id: e.workspaceId,
    context_id: e.contextId,
    kind: e.kind,
    title: e.title,
    prompt: e.prompt,
    status: e.waits === true ? "blocked" : "queued",
    route_class: e.routeClass,
    priority: e.priority,
    due_at_ms: e.dueAtMs,
    assigned_lane: e.assignedLane,
    source_connector: e.sourceConnector,
    source_external_id: e.sourceExternalId,
    source_user_id: e.sourceUserId,
    source_text: e.sourceText,
    requested_by_user_id: e.requestedByUserId,
    retry_of_task: e.retryOfTask,
    depth: e.depth ?? 0,
    message_id: e.messageId,
    idempotency_key: e.idempotency?.key ?? null,
    request_digest: e.idempotency?.digest ?? null,
    taint: e.taint ? 1 : 0,
    cause,
    created_at_ms: now,
  });
  return { steps: [insert], changes: [{ topic: "tasks", id: e.id }] };
}

export const taskSteps = {
  "create-task": createTask,
  "move-task": (e: EffectOf<"move-task">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(moveTaskFrom(e.from, e.to), {
        id: e.id,
        to: e.to,
        run_id: e.runId,
        result_summary: e.resultSummary,
        result_text: e.resultText,
        error_message: e.errorMessage,
        taint: e.taint === true ? 1 : null,
        now,
      }),
    ],
    changes: [{ topic: "tasks", id: e.id }],
  }),
  "set-task-file": (e: EffectOf<"set-task-file">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(setTaskFile, { id: e.id, resultPath: e.resultPath, now })],
    changes: [{ topic: "tasks", id: e.id }],
  }),
};
