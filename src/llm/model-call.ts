import type { ModelMessage } from "ai";
import type { EpochMs } from "../core/clock.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { Purpose } from "../core/model/model-ref.ts";
import type { ModelWork } from "./model-step.ts";
import type { ModelTool, RequestedCall } from "./stream-model.ts";

/** Commits under the caller's claim: `JobContext.commit`. */
type CommitStep = (
  step: Decision & { readonly name: string; readonly actor: string; readonly now: EpochMs },
) => Promise<"committed" | "conflict" | { readonly refused: string }>;

export interface ModelCall {
  readonly work: ModelWork;
  readonly purpose: Purpose;
  /**
   * The model that the run goes on with, as `formatModelRef` names it; it is whichever answers from then on. `undefined`:
   * this call is beside the run's own, and nothing of it is kept.
   */
  readonly pinned?: string | undefined;
  /** Of the first step that this call journals, within its run. */
  readonly number: number;
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly seen: readonly Seen[];
  /** What the step before left to commit; goes into the commit that opens this one. */
  readonly before: readonly Effect[];
  readonly commit: CommitStep;
  /** Told the whole text so far, each time it grows. Contract: must not throw. */
  readonly onText: ((text: string) => void) | undefined;
}

export interface ModelAnswer {
  readonly text: string;
  /** The tool calls it asks for; empty when it has answered. */
  readonly calls: readonly RequestedCall[];
  /** The number of the step that this is the answer of. */
  readonly number: number;
  /** True: it stopped because it reached its length limit. */
  readonly isCutOff: boolean;
  /** Ends the step and settles its usage; belongs into the caller's next commit. */
  readonly effects: readonly Effect[];
}
