import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { cardOfApproval, decidedCard } from "../core/approval/approval-card.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { approvalsOfRun } from "../store/queries/approvals.ts";
import { openStepsOfRun, reservationsOfRun } from "../store/queries/runs.ts";
import { endApproval } from "./end-approval.ts";
import type { OperationDeps } from "./operation.ts";
import { reviseCards } from "./revise-cards.ts";

/** Why what a run has open ends with it. */
export interface WorkEnd {
  /** Of a model's answer: `failed` when we stopped it, `unknown` when nobody saw its end. */
  readonly state: "unknown" | "failed";
  readonly error: string;
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
  const effects: Effect[] = [...lost];
  const seen: Seen[] = [];
  const result = JSON.stringify({ text: `It was not done: ${end.error}.` });
  const asked = new Set<string>();
  for (const approval of approvals) {
    const { id, state, execution, version } = approval;
    if (state !== "pending" && execution !== "executing") continue;
    seen.push({ table: "approvals", id, version });
    if (execution === "executing") {
      effects.push({ type: "move-execution", id, from: ["executing"], to: "unknown" });
      continue;
    }
    asked.add(approval.step_id);
    const decided = { to: "denied", by: SYSTEM_ACTOR.id, note: end.error } as const;
    effects.push(
      {
        type: "decide-approval",
        id,
        to: "denied",
        decidedBy: SYSTEM_ACTOR.id,
        decidedByUserId: null,
        note: end.error,
      },
      ...endApproval(approval, `It was not done: ${end.error}.`),
      ...(await reviseCards(deps, cardOfApproval(id), (card) => decidedCard(card, decided))),
    );
  }
  for (const { id, kind, state } of steps) {
    if (state === "started") {
      const ended = kind === "tool" ? "unknown" : end.state;
      const told = kind === "tool" ? result : null;
      effects.push({ type: "end-step", id, state: ended, result: told, error: end.error });
    } else if (!asked.has(id)) effects.push({ type: "deny-call", id, from: state, result });
  }
  return { effects, seen };
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
