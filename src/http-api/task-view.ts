import { unixSeconds } from "../client/shapes/instant.ts";
import type { RoutedTask, TaskView } from "../client/shapes/task.ts";
import { type EpochMs, toIso } from "../core/clock.ts";
import { isOverdue } from "../core/task/task.ts";
import type { RoutedTask as Routed } from "../operations/route-task.ts";
import type { TaskRow } from "../store/queries/tasks.ts";

const isoOrNull = (atMs: number | null): string | null => (atMs === null ? null : toIso(atMs));

/** A task as the API shows it: unset texts are empty, unset times 0 and null, no secret in what was asked. */
export function toTaskView(
  row: TaskRow,
  { redact, now }: { readonly redact: (text: string) => string; readonly now: EpochMs },
): TaskView {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    context_id: row.context_id,
    kind: row.kind,
    title: row.title,
    prompt: redact(row.prompt),
    status: row.status,
    route_class: row.route_class ?? "",
    priority: row.priority,
    due_at_unix: unixSeconds(row.due_at_ms),
    due_at: isoOrNull(row.due_at_ms),
    is_overdue: isOverdue({ status: row.status, dueAtMs: row.due_at_ms }, now),
    assigned_lane: row.assigned_lane,
    source_connector: row.source_connector,
    source_external_id: row.source_external_id,
    source_user_id: row.source_user_id,
    source_text: redact(row.source_text),
    wording: row.wording,
    requested_by_user_id: row.requested_by_user_id ?? "",
    retry_of_task: row.retry_of_task ?? "",
    message_id: row.message_id ?? "",
    run_id: row.run_id ?? "",
    attempts: row.attempts,
    result_summary: row.result_summary ?? "",
    result_text: row.result_text ?? "",
    result_path: row.result_path ?? "",
    error_message: row.error_message ?? "",
    created_at_unix: unixSeconds(row.created_at_ms),
    created_at: toIso(row.created_at_ms),
    started_at_unix: unixSeconds(row.started_at_ms),
    started_at: isoOrNull(row.started_at_ms),
    finished_at_unix: unixSeconds(row.finished_at_ms),
    finished_at: isoOrNull(row.finished_at_ms),
    updated_at_unix: unixSeconds(row.updated_at_ms),
    updated_at: toIso(row.updated_at_ms),
  };
}

export function toRoutedTask({ taskId, status, routing, waitsBecause }: Routed): RoutedTask {
  return {
    task_id: taskId,
    status,
    route_class: routing.routeClass,
    priority: routing.priority,
    assigned_lane: routing.assignedLane,
    due_at_unix: unixSeconds(routing.dueAtMs),
    due_at: isoOrNull(routing.dueAtMs),
    waits_because: waitsBecause,
  };
}
