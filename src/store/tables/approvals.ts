import type { Generated } from "kysely";
import type { ApprovalState, ExecutionState } from "../../core/approval/approval.ts";
import type { EpochMs } from "../../core/clock.ts";
import type { Sensitivity, ToolClass } from "../../core/tool/tool-facts.ts";
import type { Version } from "./column.ts";

export interface ApprovalsTable {
  seq: Generated<number>;
  id: string;
  run_id: string;
  step_id: string;
  workspace_id: string;
  context_id: string;
  requested_by_user_id: string | null;
  /** 1: the runtime ended while the call ran, and whether to do it again is asked. */
  is_repeat: number;
  /** What would happen, for whoever decides. */
  line: string;
  tool: string;
  tool_class: ToolClass;
  sensitivity: Sensitivity;
  /** JSON */
  arguments: string;
  digest: string;
  policy_version: string;
  /** JSON: an array of lines. */
  tainted_by: string;
  /** Of the few of a conversation. Null: it is not counted among them. */
  slot: number | null;
  /** How long it waits once it is approved, so that it can be taken back. */
  undo_ms: number;
  state: ApprovalState;
  execution: ExecutionState;
  decided_by: string | null;
  decided_by_user_id: string | null;
  note: string | null;
  expires_at_ms: EpochMs;
  remind_at_ms: EpochMs;
  reminded_at_ms: EpochMs | null;
  created_at_ms: EpochMs;
  decided_at_ms: EpochMs | null;
  executed_at_ms: EpochMs | null;
  version: Version;
}
