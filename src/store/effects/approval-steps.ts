import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { ApprovalsTable } from "../tables/approvals.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { perMove } from "./per-move.ts";
import { type CompiledEffect, write } from "./step.ts";

type NewApproval = Omit<
  ApprovalsTable,
  | "seq"
  | "state"
  | "execution"
  | "decided_by"
  | "decided_by_user_id"
  | "note"
  | "reminded_at_ms"
  | "decided_at_ms"
  | "executed_at_ms"
  | "version"
>;
const insertApproval = statement((db, p: NewApproval) =>
  db
    .insertInto("approvals")
    .values((eb) => ({
      id: p.id,
      run_id: p.run_id,
      step_id: p.step_id,
      workspace_id: p.workspace_id,
      context_id: p.context_id,
      requested_by_user_id: p.requested_by_user_id,
      is_repeat: p.is_repeat,
      line: p.line,
      tool: p.tool,
      tool_class: p.tool_class,
      sensitivity: p.sensitivity,
      arguments: p.arguments,
      digest: p.digest,
      policy_version: p.policy_version,
      tainted_by: p.tainted_by,
      slot: p.slot,
      undo_ms: p.undo_ms,
      state: "pending",
      execution: "not_executed",
      expires_at_ms: p.expires_at_ms,
      remind_at_ms: p.remind_at_ms,
      created_at_ms: p.created_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.doNothing()),
);

type Decided = Pick<
  ApprovalsTable,
  "id" | "state" | "decided_by" | "decided_by_user_id" | "note"
> & {
  now: number;
};
/** Nobody approves what has expired: it is not for the sweep to have come by. */
const decideTo = perMove((_from: readonly ApprovalsTable["state"][], to: ApprovalsTable["state"]) =>
  statement((db, p: Decided) => {
    const decide = db
      .updateTable("approvals")
      .set((eb) => ({
        state: p.state,
        decided_by: p.decided_by,
        decided_by_user_id: p.decided_by_user_id,
        note: p.note,
        decided_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("state", "=", "pending");
    return to === "approved" ? decide.where("expires_at_ms", ">", p.now) : decide;
  }),
);

const remind = statement((db, p: { id: string; now: number }) =>
  db
    .updateTable("approvals")
    .set((eb) => ({ reminded_at_ms: p.now, version: eb("version", "+", eb.lit(1)) }))
    .where("id", "=", p.id)
    .where("state", "=", "pending")
    .where("reminded_at_ms", "is", null),
);

const NOT_BEGUN: ReadonlySet<ApprovalsTable["execution"]> = new Set([
  "not_executed",
  "delayed",
  "taken_back",
]);
const moveExecution = perMove(
  (from: readonly ApprovalsTable["execution"][], to: ApprovalsTable["execution"]) =>
    statement((db, p: { id: string; to: ApprovalsTable["execution"]; now: number }) =>
      db
        .updateTable("approvals")
        .set((eb) => ({
          execution: p.to,
          executed_at_ms: NOT_BEGUN.has(to) ? null : p.now,
          version: eb("version", "+", eb.lit(1)),
        }))
        .where("id", "=", p.id)
        .where("state", "=", "approved")
        .where("execution", "in", from),
    ),
);

export const approvalSteps = {
  "open-approval": (e: EffectOf<"open-approval">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertApproval, {
        id: e.id,
        run_id: e.runId,
        step_id: e.stepId,
        workspace_id: e.workspaceId,
        context_id: e.contextId,
        requested_by_user_id: e.requestedByUserId,
        is_repeat: e.isRepeat ? 1 : 0,
        line: e.line,
        tool: e.tool,
        tool_class: e.toolClass,
        sensitivity: e.sensitivity,
        arguments: e.arguments,
        digest: e.digest,
        policy_version: e.policyVersion,
        tainted_by: JSON.stringify(e.taintedBy),
        slot: e.slot,
        undo_ms: e.undoMs,
        expires_at_ms: e.expiresAtMs,
        remind_at_ms: e.remindAtMs,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "approvals", id: e.id }],
  }),
  "decide-approval": (e: EffectOf<"decide-approval">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(decideTo(["pending"], e.to), {
        id: e.id,
        state: e.to,
        decided_by: e.decidedBy,
        decided_by_user_id: e.decidedByUserId,
        note: e.note,
        now,
      }),
    ],
    changes: [{ topic: "approvals", id: e.id }],
  }),
  "remind-approval": (e: EffectOf<"remind-approval">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(remind, { id: e.id, now })],
    changes: [{ topic: "approvals", id: e.id }],
  }),
  "move-execution": (e: EffectOf<"move-execution">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(moveExecution(e.from, e.to), { id: e.id, to: e.to, now })],
    changes: [{ topic: "approvals", id: e.id }],
  }),
};
