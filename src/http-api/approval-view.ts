import type { ApprovalView } from "../client/shapes/approval.ts";
import { unixSeconds } from "../client/shapes/instant.ts";
import { approvalInWords } from "../core/approval/approval-words.ts";
import { toIso } from "../core/clock.ts";
import type { ApprovalFacts } from "../store/queries/approvals.ts";

type Redact = (text: string) => string;

const isoOrNull = (atMs: number | null): string | null => (atMs === null ? null : toIso(atMs));

/** An approval as the API shows it: whole, save for secrets. Its arguments stay whole in the store: they are what runs. */
export function toApprovalView(row: ApprovalFacts, redact: Redact): ApprovalView {
  const note = row.note ?? "";
  const decider = row.decider_name ?? "";
  return {
    id: row.id,
    state: row.state,
    execution: row.execution,
    tool: row.tool,
    tool_class: row.tool_class,
    sensitivity: row.sensitivity,
    line: redact(row.line),
    arguments: redactTexts(JSON.parse(row.arguments), redact),
    is_repeat: row.is_repeat === 1,
    tainted_by: (JSON.parse(row.tainted_by) as readonly string[]).map(redact),
    policy_version: row.policy_version,
    workspace_id: row.workspace_id,
    context_id: row.context_id,
    context_title: row.context_title,
    connector: row.connector,
    run_id: row.run_id,
    task_id: row.task_id ?? "",
    message_id: row.message_id ?? "",
    requested_by_user_id: row.requested_by_user_id ?? "",
    requested_by: row.requester_name ?? "",
    decided_by_user_id: row.decided_by_user_id ?? "",
    decided_by: decider,
    note: redact(note),
    ...timesOf(row),
    in_words: redact(
      approvalInWords({
        state: row.state,
        execution: row.execution,
        decider,
        note,
        decidedAtMs: row.decided_at_ms,
        expiresAtMs: row.expires_at_ms,
      }),
    ),
  };
}

function timesOf(row: ApprovalFacts) {
  return {
    created_at_unix: unixSeconds(row.created_at_ms),
    created_at: toIso(row.created_at_ms),
    expires_at_unix: unixSeconds(row.expires_at_ms),
    expires_at: toIso(row.expires_at_ms),
    decided_at_unix: unixSeconds(row.decided_at_ms),
    decided_at: isoOrNull(row.decided_at_ms),
    executed_at_unix: unixSeconds(row.executed_at_ms),
    executed_at: isoOrNull(row.executed_at_ms),
  };
}

function redactTexts(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one) => redactTexts(one, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [redact(key), redactTexts(one, redact)]),
  );
}
