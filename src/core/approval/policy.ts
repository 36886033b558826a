import { isAtLeast, type Role } from "../access/role.ts";
import type { EffectKind, Sensitivity } from "../tool/tool-facts.ts";

/** What the operator chose to be asked about. */
export const PRESETS = ["sensitive-only", "never-ask", "always-ask", "mcp-only"] as const;
export type Preset = (typeof PRESETS)[number];

export type Verdict = "allow" | "ask" | "deny";

/** What the policy decides on. */
export interface CallFacts {
  readonly sensitivity: Sensitivity;
  readonly effect: EffectKind;
  /** The tool comes from an MCP server. */
  readonly isMcp: boolean;
  /** Of whoever the work is for, now. `undefined`: nobody we know. */
  readonly role: Role | undefined;
  /** The run has read what a stranger wrote. */
  readonly isTainted: boolean;
  /** Of a fetch: a person typed the address, or our own search returned it. */
  readonly isGivenAddress: boolean;
}

/** Changes when the table does: an approval given under another version no longer fits its call. */
const TABLE_VERSION = 1;

type Column = "member" | "operator" | "admin" | "tainted";

/** Who must ask before what, under the preset `sensitive-only`. */
const TABLE: Readonly<Record<Sensitivity, Readonly<Record<Column, Verdict>>>> = {
  read: { member: "allow", operator: "allow", admin: "allow", tainted: "allow" },
  fetch: { member: "allow", operator: "allow", admin: "allow", tainted: "ask" },
  write: { member: "allow", operator: "allow", admin: "allow", tainted: "ask" },
  guarded: { member: "ask", operator: "allow", admin: "allow", tainted: "ask" },
  outward: { member: "ask", operator: "ask", admin: "ask", tainted: "ask" },
};

export function policyVersion(preset: Preset): string {
  return `${preset}/${TABLE_VERSION}`;
}

/**
 * Whether a call may run, must be approved, or is refused. The only judge; pure, so that it can be asked about calls of
 * the past under another preset. No preset loosens what a tainted run may do, or mail and posts to others.
 */
export function judgeCall(preset: Preset, call: CallFacts): Verdict {
  if (call.role === undefined) return "deny";
  // They only look: not even scratch/ is theirs to write.
  const isLook = call.sensitivity === "read" && call.effect === "read";
  if (!isAtLeast(call.role, "member") && !isLook) return "deny";
  if (preset === "always-ask" || (preset === "mcp-only" && call.isMcp)) return "ask";
  const isBound = call.isTainted || call.sensitivity === "outward";
  return preset === "sensitive-only" || isBound ? judgeByTable(call, call.role) : "allow";
}

function judgeByTable(call: CallFacts, role: Role): Verdict {
  const row = TABLE[call.sensitivity];
  if (!call.isTainted) return row[columnOf(role)];
  return call.sensitivity === "fetch" && call.isGivenAddress ? "allow" : row.tainted;
}

function columnOf(role: Role): Column {
  if (isAtLeast(role, "admin")) return "admin";
  return isAtLeast(role, "operator") ? "operator" : "member";
}
