export type RunKind = "turn" | "task";
export type RunState =
  | "queued"
  | "running"
  | "parked"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "interrupted"
  | "budget_exceeded";
export type StepKind = "model" | "tool";
export type StepState = "started" | "finished" | "failed" | "unknown";

export const FINAL_RUN_STATES: readonly RunState[] = [
  "succeeded",
  "failed",
  "cancelled",
  "budget_exceeded",
];
