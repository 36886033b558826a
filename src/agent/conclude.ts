import type { Effect } from "../core/effect/effect.ts";
import { guardMarkdown } from "../core/guardrail/guard-text.ts";
import type { GuardedValue } from "../core/guardrail/guardrail.ts";
import type { ModelAnswer } from "../llm/model-call.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

export interface Answered {
  readonly kind: "answered";
  readonly text: string;
  readonly isCutOff: boolean;
  /** Ends the last step; belongs into the commit that ends the run. */
  readonly effects: readonly Effect[];
}

/** The output guardrail lets nobody read the answer. */
export interface Withheld {
  readonly kind: "withheld";
  readonly found: readonly GuardedValue[];
  readonly error: string;
  /** As with an answer. */
  readonly effects: readonly Effect[];
}

/** How work ends with what a model has answered: so, without the values that the output guardrail replaces, or not so. */
export function conclude(
  { log, outputGuard }: WorkDeps,
  { work: { runId } }: Work,
  { text, isCutOff, effects }: ModelAnswer,
): Answered | Withheld {
  const guarded = guardMarkdown(outputGuard, text);
  const { found } = guarded;
  if (found.length > 0) {
    const fields = { direction: "output", mode: outputGuard.mode, found, runId };
    log.write("info", "guardrail found values", fields);
  }
  if (guarded.kind === "pass") return { kind: "answered", text: guarded.text, isCutOff, effects };
  return { kind: "withheld", found, error: `the answer held ${found.join(", ")}`, effects };
}
