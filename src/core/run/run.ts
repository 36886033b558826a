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
/**
 * A model's answer: started → finished | failed | unknown. A tool call begins as `ready`, or as `waiting` for an approval;
 * what may not be done is `denied`.
 */
export type StepState =
  | "ready"
  | "waiting"
  | "started"
  | "finished"
  | "failed"
  | "denied"
  | "unknown";

export const FINAL_RUN_STATES: readonly RunState[] = [
  "succeeded",
  "failed",
  "cancelled",
  "budget_exceeded",
];
