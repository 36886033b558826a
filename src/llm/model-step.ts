import type { EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { Purpose } from "../core/model/model-ref.ts";
import type { SpendScope } from "../core/spend/spend-scope.ts";
import type { TokenCount } from "./prices.ts";

/** The ids of one model step: its journal row and its reservation. */
export interface ModelStep {
  readonly stepId: string;
  readonly usageId: string;
}

/** What a call of a model is for. */
export interface ModelWork {
  readonly runId: string;
  /** The task, or the turn's run: what money is spent on, over restarts. */
  readonly workId: string;
  readonly workspaceId: string;
  readonly contextId: string;
  readonly userId: string | null;
}

export interface OpenedStep extends ModelStep {
  readonly work: ModelWork;
  readonly keyId: string | null;
  readonly purpose: Purpose;
  readonly number: number;
  readonly model: string;
  readonly requestDigest: string;
  readonly reservedMicroUsd: number;
  readonly day: string;
  readonly scopes: readonly SpendScope[];
}

export function openStep(step: OpenedStep): readonly Effect[] {
  return [
    {
      type: "start-step",
      id: step.stepId,
      runId: step.work.runId,
      number: step.number,
      kind: "model",
      name: step.model,
      requestDigest: step.requestDigest,
    },
    {
      type: "reserve-usage",
      id: step.usageId,
      ...step.work,
      keyId: step.keyId,
      stepId: step.stepId,
      purpose: step.purpose,
      day: step.day,
      model: step.model,
      reservedMicroUsd: step.reservedMicroUsd,
      scopes: step.scopes,
    },
  ];
}

export function finishStep(
  { stepId, usageId }: ModelStep,
  result: string,
  spent: Pick<TokenCount, "inputTokens" | "outputTokens"> & { readonly costMicroUsd: number },
  atMs: EpochMs,
): readonly Effect[] {
  return [
    { type: "end-step", id: stepId, state: "finished", result, error: null, atMs },
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

/** A call that failed: what it has cost as far as anybody knows, all that was put aside at most. */
export function failStep(
  { stepId, usageId }: ModelStep,
  error: string,
  lostMicroUsd: number,
): readonly Effect[] {
  return [
    { type: "end-step", id: stepId, state: "failed", result: null, error },
    lostMicroUsd === 0 ? releaseUsage(usageId) : loseUsage(usageId, lostMicroUsd),
  ];
}

/** Gives a reservation back: the provider refused the call. */
function releaseUsage(id: string): Effect {
  return { ...NO_TOKENS, type: "settle-usage", id, state: "released", costMicroUsd: 0 };
}

/** The provider worked, and nobody knows for how much: it counts as all that was put aside. */
function loseUsage(id: string, reservedMicroUsd: number): Effect {
  return {
    ...NO_TOKENS,
    type: "settle-usage",
    id,
    state: "settled",
    costMicroUsd: reservedMicroUsd,
  };
}

const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };
