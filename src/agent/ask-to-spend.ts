import { canonicalJson, digestCall } from "../core/approval/approval.ts";
import { policyVersion } from "../core/approval/policy.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { askToRaise, RAISE_SPEND } from "../core/spend/raise-spend.ts";
import type { SpendCapReached } from "../llm/spend-cap-reached.ts";
import { costsOfWork } from "../store/queries/spend.ts";
import { raiseSpendTool } from "../tools/spend/raise-spend.ts";
import { askAbout } from "./ask-about.ts";
import { commitStep } from "./commit-step.ts";
import { type JournalStep, readProgress } from "./journal.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

/** Of a call that no model asked for: models' steps begin with 1. */
const NO_ROUND = 0;

/**
 * Asks a person to raise the cap that the work has come to, as a call of its own which waits. False when it was denied
 * before, or nobody can be asked: then the work ends there.
 */
export async function askToSpend(
  deps: WorkDeps,
  work: Work,
  reached: SpendCapReached,
): Promise<boolean> {
  const steps = await work.readSteps();
  if (steps.some(isDenied)) return false;
  const { runId, workId, contextId, workspaceId } = work.work;
  const { rounds, nextNumber } = readProgress(steps, runId);
  const costs = await deps.store.all(costsOfWork, { workId });
  const { arguments: input } = askToRaise(reached, {
    costsMicroUsd: costs.map((row) => row.cost_micro_usd),
    roundsLeft: deps.limits.steps - rounds,
  });
  const version = policyVersion(deps.approvals.preset);
  const stepId = newId("step");
  const call: Effect = {
    type: "open-call",
    id: stepId,
    runId,
    number: nextNumber,
    round: NO_ROUND,
    callId: stepId,
    tool: RAISE_SPEND,
    arguments: canonicalJson(input),
    digest: digestCall({
      tool: RAISE_SPEND,
      arguments: input,
      contextId,
      workspaceId,
      policyVersion: version,
    }),
    state: "waiting",
    result: null,
    error: null,
  };
  const { effects } = await commitStep(work, deps.clock, "ask-to-spend", async () => {
    const facts = await work.readFacts();
    const about = { stepId, tool: raiseSpendTool, input, sensitivity: "outward" } as const;
    const asked = await askAbout(deps, work, facts, { ...about, isRepeat: false });
    if (asked === undefined) return { effects: [], seen: [] };
    const seen = [...facts.seen, ...facts.roleSeen, ...asked.seen];
    return { effects: [call, ...asked.effects], seen };
  });
  return effects.length > 0;
}

function isDenied({ kind, name, state }: JournalStep): boolean {
  return kind === "tool" && name === RAISE_SPEND && state === "denied";
}
