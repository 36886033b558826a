import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { cardOfApproval, decidedCard } from "../core/approval/approval-card.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { JobPayloads } from "../core/job/job.ts";
import { raiseSpendArguments } from "../core/spend/raise-spend.ts";
import { capOfKind, kindOfScope, type SpendCaps } from "../core/spend/spend-scope.ts";
import { type ApprovalFacts, openRaises, unusedRaises } from "../store/queries/approvals.ts";
import { spendOf } from "../store/queries/spend.ts";
import type { Reader } from "../store/store.ts";
import type { OperationDeps } from "./operation.ts";
import { resumeRun } from "./resume-run.ts";
import { reviseCards } from "./revise-cards.ts";

/** In one commit. */
const MOST_AT_ONCE = 20;
const NOT_NEEDED = "the cap was raised meanwhile, and the work goes on";

export interface ReleasedAtCap extends Decision {
  /** More can go on than went. */
  readonly isMore: boolean;
}

/**
 * Lets work go on that waits at a cap which was raised for other work, as far as what it likely needs fits now; the oldest
 * question goes first. What else waits there is left to people.
 */
export async function releaseAtCap(
  deps: OperationDeps,
  caps: SpendCaps,
  raised: JobPayloads["release-at-cap"],
): Promise<ReleasedAtCap> {
  const waiting = await deps.store.all(openRaises, {});
  let left = await leftIn(deps.store, caps, raised);
  const fitting: ApprovalFacts[] = [];
  for (const one of waiting) {
    const needs = needsIn(raised, one);
    if (needs === undefined || needs > left) continue;
    left -= needs;
    fitting.push(one);
  }
  const now = fitting.slice(0, MOST_AT_ONCE);
  const released = await Promise.all(now.map((one) => release(deps, one)));
  return {
    effects: released.flatMap(({ effects }) => effects),
    seen: released.flatMap(({ seen }) => seen),
    isMore: fitting.length > now.length,
  };
}

/** What the scope has room for, besides what goes on already and has put nothing aside yet. */
async function leftIn(
  store: Reader,
  caps: SpendCaps,
  raised: JobPayloads["release-at-cap"],
): Promise<number> {
  const { scope: key } = raised;
  const cap = capOfKind(kindOfScope({ key }), caps);
  if (cap === null) return Number.MAX_SAFE_INTEGER;
  // In this order: what is put aside meanwhile counts twice rather than not at all.
  const unused = await store.all(unusedRaises, {});
  const row = await store.first(spendOf, { key });
  const used = (row?.spent_micro_usd ?? 0) + (row?.reserved_micro_usd ?? 0);
  const promised = unused.reduce((sum, one) => sum + (needsIn(raised, one) ?? 0), 0);
  return cap + (row?.raised_micro_usd ?? 0) - used - promised;
}

/** What work likely needs, when it is this scope that it came to the cap of. */
function needsIn(
  { scope, day }: JobPayloads["release-at-cap"],
  approval: Pick<ApprovalFacts, "arguments">,
): number | undefined {
  const asked = raiseSpendArguments.parse(JSON.parse(approval.arguments));
  return asked.scope === scope && asked.day === day ? asked.needs_micro_usd : undefined;
}

/** Nobody need decide: the question is withdrawn, and its step ends as if it had been answered. */
async function release(deps: OperationDeps, approval: ApprovalFacts): Promise<Decision> {
  const { id, version, step_id: stepId } = approval;
  const resumed = await resumeRun(deps, approval);
  const { id: decidedBy } = SYSTEM_ACTOR;
  const decided = { to: "withdrawn", by: decidedBy, note: NOT_NEEDED } as const;
  return {
    effects: [
      {
        type: "decide-approval",
        id,
        to: "withdrawn",
        decidedBy,
        decidedByUserId: null,
        note: NOT_NEEDED,
      },
      { type: "begin-call", id: stepId, from: "waiting" },
      {
        type: "end-step",
        id: stepId,
        state: "finished",
        result: JSON.stringify({ text: `Not needed: ${NOT_NEEDED}.` }),
        error: null,
      },
      ...resumed.effects,
      ...(await reviseCards(deps, cardOfApproval(id), (card) => decidedCard(card, decided))),
    ],
    seen: [...resumed.seen, { table: "approvals", id, version }],
  };
}
