import { usageOfRun } from "../store/queries/explanation.ts";
import { workedMsOfRun } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import type { Progress } from "./journal.ts";

/** They end a run within one call of the model. */
export interface RunLimits {
  readonly steps: number;
  readonly seconds: number;
  readonly toolCalls: number;
  readonly tokens: number;
}

/** A limit that a run has come to. */
export interface LimitReached {
  readonly limit: "steps" | "seconds" | "tool calls" | "tokens";
  readonly most: number;
}

/** The limit after which the model is not asked any more. */
export async function findLimit(
  store: Store,
  limits: RunLimits,
  runId: string,
  { rounds }: Progress,
): Promise<LimitReached | undefined> {
  const [usage, worked] = await Promise.all([
    store.first(usageOfRun, { runId }),
    store.first(workedMsOfRun, { runId }),
  ]);
  const tokens = Number(usage?.input_tokens ?? 0) + Number(usage?.output_tokens ?? 0);
  return firstReached([
    ["steps", rounds, limits.steps],
    ["seconds", Number(worked?.ms ?? 0) / 1_000, limits.seconds],
    ["tokens", tokens, limits.tokens],
  ]);
}

/** The limit that leaves the model one more answer, in words: for what it would ask of tools nothing is left. */
export function findLastAnswer(
  limits: RunLimits,
  { rounds, calls }: Progress,
): LimitReached | undefined {
  return firstReached([
    ["tool calls", calls, limits.toolCalls],
    // The limit itself is what a person knows it by.
    ["steps", rounds + 1, limits.steps],
  ]);
}

/** What the model is told with that. */
export function tellOfLast({ limit, most }: LimitReached): string {
  return `This run has come to its limit of ${most} ${limit}: no tool is run any more. Answer now, from what you have, and say what is not done.`;
}

function firstReached(
  used: readonly (readonly [LimitReached["limit"], number, number])[],
): LimitReached | undefined {
  const over = used.find(([, has, most]) => has >= most);
  return over === undefined ? undefined : { limit: over[0], most: over[2] };
}
