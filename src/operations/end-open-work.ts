import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import {
  cardOfApproval,
  endedCard,
  type WhyEnded,
  whyEnded,
} from "../core/approval/approval-card.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { type ApprovalRow, approvalsOfRun } from "../store/queries/approvals.ts";
import { type OpenStep, openStepsOfRun, reservationsOfRun } from "../store/queries/runs.ts";
import { endApproval } from "./end-approval.ts";
import type { OperationDeps } from "./operation.ts";
import { reviseCards } from "./revise-cards.ts";
import { tellApprovers } from "./tell-approvers.ts";

/** Why what a run has open ends with it. */
export interface WorkEnd {
  /** Of a model's answer: `failed` when we stopped it, `unknown` when nobody saw its end. */
  readonly state: "unknown" | "failed";
  readonly error: string;
  /** What people are told of it. */
  readonly why: WhyEnded;
}

/**
 * Ends everything that a run still has open, because the run ends: steps, calls, approvals with their cards. Nobody knows
 * what its open calls of models cost, so they count as all that was put aside; nor whether a tool that was stopped had
 * done its work already.
 */
export async function endOpenWork(
  deps: OperationDeps,
  runId: string,
  end: WorkEnd,
): Promise<Decision> {
  const [steps, approvals, lost] = await Promise.all([
    deps.store.all(openStepsOfRun, { runId }),
    deps.store.all(approvalsOfRun, { runId }),
    loseReservations(deps, runId),
  ]);
  const openSteps = new Set(steps.map(({ id }) => id));
  const open = approvals.filter(
    ({ state, execution, step_id: stepId }) =>
      state === "pending" ||
      execution === "executing" ||
      execution === "delayed" ||
      (state === "approved" && execution === "not_executed" && openSteps.has(stepId)),
  );
  const asked = new Set(open.flatMap((one) => (one.state === "pending" ? [one.step_id] : [])));
  const ended = await Promise.all(open.map((approval) => endOne(deps, approval, end)));
  const unasked = steps.filter(({ id, state }) => state === "started" || !asked.has(id));
  return {
    effects: [...lost, ...ended.flat(), ...unasked.map((step) => endStep(step, end))],
    seen: open.map(({ id, version }) => ({ table: "approvals", id, version })),
  };
}

async function endOne(
  deps: OperationDeps,
  approval: ApprovalRow,
  { why }: WorkEnd,
): Promise<readonly Effect[]> {
  const { id, state, execution } = approval;
  const note = whyEnded(why);
  if (execution === "executing") {
    return [
      { type: "move-execution", id, from: ["executing"], to: "unknown" },
      ...(await tellApprovers(deps, id, { kind: "unknown", why: note })),
    ];
  }
  const { id: decidedBy } = SYSTEM_ACTOR;
  if (execution === "delayed") {
    return [
      { type: "move-execution", id, from: ["delayed"], to: "taken_back" },
      ...(await reviseCards(deps, cardOfApproval(id), (card) => endedCard(card, why))),
    ];
  }
  if (state === "approved") return await tellApprovers(deps, id, { kind: "not done", why: note });
  return [
    { type: "decide-approval", id, to: "denied", decidedBy, decidedByUserId: null, note },
    ...endApproval(approval, notDone(note)),
    ...(await reviseCards(deps, cardOfApproval(id), (card) => endedCard(card, why))),
  ];
}

function endStep({ id, kind, state }: OpenStep, { state: to, error }: WorkEnd): Effect {
  if (state !== "started") {
    const result = JSON.stringify({ text: notDone(error) });
    return { type: "deny-call", id, from: state, result };
  }
  if (kind === "model") return { type: "end-step", id, state: to, result: null, error };
  const text = `It was stopped: ${error}. Nobody knows whether it had been done.`;
  return { type: "end-step", id, state: "unknown", result: JSON.stringify({ text }), error };
}

function notDone(error: string): string {
  return `It was not done: ${error}.`;
}

/** What was put aside for calls that nobody saw the end of counts as spent. */
export async function loseReservations(
  { store }: OperationDeps,
  runId: string,
): Promise<readonly Effect[]> {
  const reserved = await store.all(reservationsOfRun, { runId });
  return reserved.map(
    ({ id, reserved_micro_usd: costMicroUsd }): Effect => ({
      type: "settle-usage",
      id,
      state: "settled",
      inputTokens: 0,
      outputTokens: 0,
      costMicroUsd,
    }),
  );
}
