import type { ModelMessage } from "ai";
import type { Effect } from "../core/effect/effect.ts";
import type { StepState } from "../core/run/run.ts";
import { releaseUsage } from "../llm/model-step.ts";
import { reservationsOfRun, stepsOfRun } from "../store/queries/runs.ts";
import type { Reader } from "../store/store.ts";

/** What an earlier attempt has left in the journal of a run or task. */
export interface JournalStep {
  readonly run_id: string;
  readonly number: number;
  readonly state: StepState;
  readonly result: string | null;
}

/** How a step ends that nobody saw the end of. */
export const PROCESS_DIED = {
  state: "unknown",
  error: "the process ended during this step",
} as const;
export const STOPPED = { state: "failed", error: "cancelled" } as const;
export const MODEL_OFF = { state: "failed", error: "the model was switched off" } as const;

/** Where an earlier attempt got to: what was finished is gone on from, not paid again. */
export interface Progress {
  readonly messages: readonly ModelMessage[];
  /** Model steps that asked for tools and were answered. */
  readonly rounds: number;
  /** Of the next step of `runId`. */
  readonly nextNumber: number;
}

export function readProgress(steps: readonly JournalStep[], runId: string): Progress {
  const rounds = steps.flatMap((step) => {
    if (step.state !== "finished" || step.result === null) return [];
    const { messages } = JSON.parse(step.result) as { messages?: readonly ModelMessage[] };
    return messages === undefined ? [] : [messages];
  });
  const numbers = steps.filter((step) => step.run_id === runId).map((step) => step.number);
  return {
    messages: rounds.flat(),
    rounds: rounds.length,
    nextNumber: Math.max(0, ...numbers) + 1,
  };
}

/**
 * Ends the steps a run still has open and gives their reservations back. `unknown`: the process died in them;
 * `failed`: we stopped them.
 */
export async function closeOpenWork(
  reader: Reader,
  runId: string,
  end: { readonly state: "unknown" | "failed"; readonly error: string },
): Promise<readonly Effect[]> {
  const [steps, usage] = await Promise.all([
    reader.all(stepsOfRun, { runId }),
    reader.all(reservationsOfRun, { runId }),
  ]);
  return [
    ...steps
      .filter((step) => step.state === "started")
      .map((step): Effect => ({ type: "end-step", id: step.id, result: null, ...end })),
    ...usage.map((row) => releaseUsage(row.id)),
  ];
}
