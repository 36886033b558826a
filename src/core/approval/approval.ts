import { sha256Hex } from "../ids.ts";
import type { Sensitivity } from "../tool/tool-facts.ts";

/** Decided once, by id, by a person who may; or by time. `withdrawn`: nobody need decide any more, and the work goes on. */
export const APPROVAL_STATES = ["pending", "approved", "denied", "expired", "withdrawn"] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** What became of the call that was approved. It begins once, whoever asks how often. */
export const EXECUTION_STATES = [
  "not_executed",
  // It waits a while, so that it can be taken back.
  "delayed",
  "taken_back",
  "executing",
  "succeeded",
  "failed",
  "unknown",
] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

/** More would be a flood: further calls of a conversation are refused until some are decided. Questions for money do not count. */
export const MOST_OPEN_APPROVALS = 5;

/** What exactly is approved. Anything else is another call. */
export interface ApprovedCall {
  /** Its name, description and schema, which say what the arguments mean. */
  readonly tool: object;
  /** What the person read would happen. */
  readonly line: string;
  /** How much it may do here: a command that was to run behind walls is another one without them. */
  readonly sensitivity: Sensitivity;
  /** Of what the operator's files have it run; absent where it runs nothing of theirs. */
  readonly fingerprint: string | undefined;
  /** As the model gave them, checked against the tool's schema. */
  readonly arguments: unknown;
  readonly contextId: string;
  readonly workspaceId: string;
  readonly policyVersion: string;
}

/** SHA-256 over the call in one spelling: the order of keys does not matter, everything else does. */
export function digestCall(call: ApprovedCall): string {
  return sha256Hex(canonicalJson(call));
}

/** JSON with the keys of every object in order, for digests. Takes what JSON can hold. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
