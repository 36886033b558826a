import { canonicalJson } from "../core/approval/approval.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import type { JournalStep } from "./journal.ts";
import type { Work } from "./work-scene.ts";

/** Of a call that no model asked for: models' steps begin with 1. */
const NO_ROUND = 0;

/** The step of a call that the runtime asks a person about by itself. It waits from the beginning. */
export function openOwnCall(
  { work: { runId } }: Work,
  call: {
    readonly stepId: string;
    readonly number: number;
    readonly tool: string;
    readonly input: unknown;
  },
): EffectOf<"open-call"> {
  const { stepId, number, tool, input } = call;
  return {
    type: "open-call",
    id: stepId,
    runId,
    number,
    round: NO_ROUND,
    callId: stepId,
    tool,
    arguments: canonicalJson(input),
    state: "waiting",
    result: null,
    error: null,
  };
}

/** Whether a step is such a call of `tool`, and not one that a model made up under its name. */
export function isOwnCall({ kind, name, round }: JournalStep, tool: string): boolean {
  return kind === "tool" && name === tool && round === NO_ROUND;
}
