import type { Effect } from "../core/effect/effect.ts";
import type { MeteredGate, ModelCall } from "../llm/metered-gate.ts";
import type { Progress } from "./journal.ts";

/** The most model calls one answer may take, over restarts too. */
export const MOST_STEPS = 6;
/** For the record of a run that used them up. */
export const UNFINISHED = `the model did not answer within ${MOST_STEPS} steps`;

export type Thought =
  | {
      readonly kind: "answered";
      readonly text: string;
      readonly isCutOff: boolean;
      readonly effects: readonly Effect[];
    }
  /** The steps are used up and there is no answer. */
  | { readonly kind: "unfinished"; readonly effects: readonly Effect[] };

export interface ThinkRequest extends Omit<ModelCall, "number" | "before"> {
  readonly progress: Progress;
}

/**
 * Asks the model until it answers instead of calling tools. The last step's effects are the caller's to commit.
 * @throws as `MeteredGate.call` does.
 */
export async function think(
  gate: MeteredGate,
  request: ThinkRequest,
  signal: AbortSignal,
): Promise<Thought> {
  const { progress, ...call } = request;
  let messages = [...request.messages, ...progress.messages];
  let before: readonly Effect[] = [];
  for (let round = progress.rounds; round < MOST_STEPS; round += 1) {
    const number = progress.nextNumber + round - progress.rounds;
    const answer = await gate.call({ ...call, messages, number, before }, signal);
    const { effects } = answer;
    if (!answer.calledTools) {
      return { kind: "answered", text: answer.text, isCutOff: answer.isCutOff, effects };
    }
    messages = [...messages, ...answer.messages];
    before = effects;
  }
  return { kind: "unfinished", effects: before };
}
