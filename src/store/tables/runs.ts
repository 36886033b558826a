import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { RunKind, RunState, StepKind, StepState } from "../../core/run/run.ts";
import type { Flag, Version } from "./column.ts";

export interface RunsTable {
  seq: Generated<number>;
  id: string;
  kind: RunKind;
  workspace_id: string;
  context_id: string;
  user_id: string | null;
  message_id: string | null;
  task_id: string | null;
  state: RunState;
  model: string | null;
  error: string | null;
  taint: Flag;
  cause: string;
  created_at_ms: EpochMs;
  started_at_ms: EpochMs | null;
  finished_at_ms: EpochMs | null;
  version: Version;
}

export interface RunStepsTable {
  id: string;
  run_id: string;
  number: number;
  kind: StepKind;
  name: string;
  state: StepState;
  request_digest: string;
  result: string | null;
  error: string | null;
  taint: Flag;
  started_at_ms: EpochMs;
  finished_at_ms: EpochMs | null;
}

export interface UsageTable {
  id: string;
  run_id: string;
  step_id: string;
  workspace_id: string;
  user_id: string | null;
  model: string;
  state: "reserved" | "settled" | "released";
  reserved_micro_usd: number;
  cost_micro_usd: number;
  input_tokens: number;
  output_tokens: number;
  created_at_ms: EpochMs;
}
