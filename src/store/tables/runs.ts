import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { Purpose } from "../../core/model/model-ref.ts";
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
  /** JSON: what tainted it, one line each. */
  tainted_by: string;
  /** Of what it was told last: the layers of its prompt, and its tools. */
  prompt_digest: string | null;
  tools_digest: string | null;
  /** The same of its first call; the prompt files or the tools were changed since, where they differ. */
  first_prompt_digest: string | null;
  first_tools_digest: string | null;
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
  /** Of a tool call: the number of the model's step that asked, what it called it, and with what (JSON). */
  round: number | null;
  call_id: string | null;
  arguments: string | null;
  result: string | null;
  error: string | null;
  /** Whose words came back, where they are a stranger's. */
  tainted_by: string | null;
  started_at_ms: EpochMs;
  finished_at_ms: EpochMs | null;
}

export interface UsageTable {
  id: string;
  run_id: string;
  step_id: string;
  workspace_id: string;
  context_id: string;
  user_id: string | null;
  /** The key of the API that asked, when one did. */
  key_id: string | null;
  purpose: Purpose;
  /** The task, or the turn's run: what the money was spent on, over restarts. */
  work_id: string;
  /** In UTC: `2026-11-21`. */
  day: string;
  model: string;
  state: "reserved" | "settled" | "released";
  reserved_micro_usd: number;
  cost_micro_usd: number;
  input_tokens: number;
  output_tokens: number;
  created_at_ms: EpochMs;
}

/** How much of a cap is used; a row a scope. */
export interface SpendTable {
  /** `SpendScope.key` */
  key: string;
  day: string;
  began_at_ms: EpochMs;
  spent_micro_usd: number;
  reserved_micro_usd: number;
  /** What people have allowed on top of the cap. */
  raised_micro_usd: number;
}
