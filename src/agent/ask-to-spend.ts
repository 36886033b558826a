import { newId } from "../core/ids.ts";
import { askToRaise, RAISE_SPEND } from "../core/spend/raise-spend.ts";
import type { SpendCapReached } from "../llm/spend-cap-reached.ts";
import { costsOfWork } from "../store/queries/spend.ts";
import { raiseSpendTool } from "../tools/spend/raise-spend.ts";
import { openQuestion } from "./ask-about.ts";
import { commitStep } from "./commit-step.ts";
import { readProgress } from "./journal.ts";
import { isOwnCall, openOwnCall } from "./own-call.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

/**
 * Asks a person to raise the cap that the work has come to, as a call of its own which waits. False when it was denied
 * before: then the work ends there.
 */
export async function askToSpend(
  deps: WorkDeps,
  work: Work,
  reached: SpendCapReached,
): Promise<boolean> {
  const steps = await work.readSteps();
  if (steps.some((step) => isOwnCall(step, RAISE_SPEND) && step.state === "denied")) return false;
  const { runId, workId } = work.work;
  const { rounds, nextNumber: number } = readProgress(steps, runId);
  const costs = await deps.store.all(costsOfWork, { workId });
  const { arguments: input } = askToRaise(reached, {
    costsMicroUsd: costs.map((row) => row.cost_micro_usd),
    roundsLeft: deps.limits.steps - rounds,
  });
  const stepId = newId("step");
  const call = openOwnCall(work, { stepId, number, tool: RAISE_SPEND, input });
  await commitStep(work, deps.clock, "ask-to-spend", async () => {
    const facts = await work.readFacts();
    const about = { stepId, tool: raiseSpendTool, input, sensitivity: "outward" } as const;
    const asked = await openQuestion(deps, work, facts, { ...about, isRepeat: false, slot: null });
    const seen = [...facts.seen, ...facts.roleSeen, ...asked.seen];
    return { effects: [call, ...asked.effects], seen };
  });
  return true;
}
