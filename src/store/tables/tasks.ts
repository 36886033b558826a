import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { RouteClass, TaskKind, TaskPriority, TaskStatus } from "../../core/task/task.ts";
import type { Flag, Version } from "./column.ts";

export interface TasksTable {
  seq: Generated<number>;
  id: string;
  workspace_id: string;
  context_id: string;
  kind: TaskKind;
  title: string;
  prompt: string;
  status: TaskStatus;
  route_class: RouteClass | null;
  priority: TaskPriority;
  due_at_ms: EpochMs | null;
  /** The notice that tells admins that its time has passed; `null`: none yet. */
  overdue_notice: string | null;
  assigned_lane: string;
  source_connector: string;
  source_external_id: string;
  source_user_id: string;
  source_text: string;
  /** Which of its wordings this is: each edit of what waits for a person's say makes another. */
  wording: number;
  requested_by_user_id: string | null;
  retry_of_task: string | null;
  /** How many tasks made one another before it: 0 when a person asked for it. */
  depth: number;
  message_id: string | null;
  run_id: string | null;
  attempts: number;
  result_summary: string | null;
  result_text: string | null;
  result_path: string | null;
  error_message: string | null;
  /** Made by the caller that is `source_user_id`, and unique there. */
  idempotency_key: string | null;
  request_digest: string | null;
  taint: Flag;
  cause: string;
  created_at_ms: EpochMs;
  started_at_ms: EpochMs | null;
  finished_at_ms: EpochMs | null;
  updated_at_ms: EpochMs;
  version: Version;
}
