import type { Effect } from "../core/effect/effect.ts";
import type { TokenCount } from "./prices.ts";

/** The ids of one model step: its journal row and its reservation. */
export interface ModelStep {
  readonly stepId: string;
  readonly usageId: string;
}

export interface OpenedStep extends ModelStep {
  readonly run: {
    readonly id: string;
    readonly workspaceId: string;
    readonly userId: string | null;
  };
  readonly number: number;
  readonly model: string;
  readonly requestDigest: string;
  readonly reservedMicroUsd: number;
}

export function openStep(step: OpenedStep): readonly Effect[] {
  return [
    {
      type: "start-step",
      id: step.stepId,
      runId: step.run.id,
      number: step.number,
      kind: "model",
      name: step.model,
      requestDigest: step.requestDigest,
    },
    {
      type: "reserve-usage",
      id: step.usageId,
      runId: step.run.id,
      stepId: step.stepId,
      workspaceId: step.run.workspaceId,
      userId: step.run.userId,
      model: step.model,
      reservedMicroUsd: step.reservedMicroUsd,
    },
  ];
}

export function finishStep(
  { stepId, usageId }: ModelStep,
  result: string,
  spent: TokenCount & { readonly costMicroUsd: number },
): readonly Effect[] {
  return [
    { type: "end-step", id: stepId, state: "finished", result, error: null },
    {
      type: "settle-usage",
      id: usageId,
      state: "settled",
      inputTokens: spent.inputTokens,
      outputTokens: spent.outputTokens,
      costMicroUsd: spent.costMicroUsd,
    },
  ];
}

export function failStep({ stepId, usageId }: ModelStep, error: string): readonly Effect[] {
  return [
    { type: "end-step", id: stepId, state: "failed", result: null, error },
    releaseUsage(usageId),
  ];
}

/** Gives a reservation back: the call failed, or nobody knows what became of it. */
export function releaseUsage(id: string): Effect {
  return {
    type: "settle-usage",
    id,
    state: "released",
    inputTokens: 0,
    outputTokens: 0,
    costMicroUsd: 0,
  };
}
