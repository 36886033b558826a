import type { Effect } from "../core/effect/effect.ts";
import type { ModelAnswer } from "../llm/model-call.ts";
import { usageOfRun } from "../store/queries/explanation.ts";
import { commitStep } from "./commit-step.ts";
import { type Progress, readProgress } from "./journal.ts";
import { openCalls } from "./open-calls.ts";
import { runOpenCalls } from "./run-calls.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

export type LimitReached = "steps" | "seconds" | "tool calls" | "tokens";

export type Worked =
  | {
      readonly kind: "answered";
      readonly text: string;
      readonly isCutOff: boolean;
      /** Ends the last step; belongs into the commit that ends the run. */
      readonly effects: readonly Effect[];
    }
  /** Calls wait for a person; nothing more can be done until they decide. */
  | { readonly kind: "parked" }
  | { readonly kind: "out_of_budget"; readonly limit: LimitReached };

/**
 * Goes on with a piece of work from what its journal says: runs what may run, asks the model, until it answers, must
 * wait, or has used up its limits.
 * @throws as `MeteredGate.call` does; `signal.reason` on abort.
 */
export async function goOnWith(deps: WorkDeps, work: Work, signal: AbortSignal): Promise<Worked> {
  const startedMs = deps.clock.monotonicMs();
  for (;;) {
    const progress = readProgress(await work.readSteps(), work.work.runId);
    if (progress.open.length > 0) {
      await runOpenCalls(deps, work, progress.open, signal);
      const { open } = readProgress(await work.readSteps(), work.work.runId);
      if (open.length > 0) return { kind: "parked" };
      continue;
    }
    const limit = await findLimit(deps, work, progress, deps.clock.monotonicMs() - startedMs);
    if (limit !== undefined) return { kind: "out_of_budget", limit };
    const answer = await ask(deps, work, progress, signal);
    const { calls, text, isCutOff, effects } = answer;
    if (calls.length === 0) return { kind: "answered", text, isCutOff, effects };
    await takeUp(deps, work, answer);
  }
}

async function ask(
  { gate, toolbox }: WorkDeps,
  { work, purpose, instructions, messages, commit, onText, readFacts }: Work,
  progress: Progress,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const { seen } = await readFacts();
  return await gate.call(
    {
      work,
      purpose,
      instructions,
      messages: [...messages, ...progress.messages],
      tools: toolbox.offered,
      number: progress.nextNumber,
      seen,
      before: [],
      commit,
      onText,
    },
    signal,
  );
}

/** The model's step ends together with the steps of the calls it asked for: neither is there without the other. */
async function takeUp(deps: WorkDeps, work: Work, answer: ModelAnswer): Promise<void> {
  await commitStep(work, deps.clock, "open-tool-calls", async () => {
    const facts = await work.readFacts();
    const opened = await openCalls(deps, work, facts, answer);
    return {
      effects: [...answer.effects, ...opened.effects],
      seen: [...facts.seen, ...opened.seen],
    };
  });
}

async function findLimit(
  { store, limits }: WorkDeps,
  { work }: Work,
  progress: Progress,
  elapsedMs: number,
): Promise<LimitReached | undefined> {
  if (progress.rounds >= limits.steps) return "steps";
  if (progress.calls >= limits.toolCalls) return "tool calls";
  if (elapsedMs >= limits.seconds * 1_000) return "seconds";
  const usage = await store.first(usageOfRun, { runId: work.runId });
  const tokens = Number(usage?.input_tokens ?? 0) + Number(usage?.output_tokens ?? 0);
  return tokens >= limits.tokens ? "tokens" : undefined;
}
