import type { ModelMessage } from "ai";
import { withTimeout } from "../core/abort.ts";
import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError, describeError } from "../core/errors.ts";
import { newId, sha256Hex } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { withoutOpenWord } from "../core/without-open-word.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { failStep, finishStep, type ModelStep, type OpenedStep, openStep } from "./model-step.ts";
import type { Model } from "./models.ts";
import { costMicroUsd, type Prices, type TokenCount } from "./prices.ts";
import { type StreamedAnswer, streamModel } from "./stream-model.ts";

/** The longest a single call may take; a provider that hangs must not hold a worker for ever. */
const CALL_TIMEOUT_MS = 10 * 60_000;
/** What one answer is reserved at; settled at what it really was. */
const RESERVED_OUTPUT_TOKENS = 4_096;
const ERROR_LENGTH = 500;

/** Commits under the caller's claim: `JobContext.commit`. */
export type CommitStep = (
  step: Decision & { readonly name: string; readonly actor: string; readonly now: EpochMs },
) => Promise<"committed" | "conflict" | { readonly refused: string }>;

export interface ModelCall {
  readonly run: OpenedStep["run"];
  /** Of the step, within its run. */
  readonly number: number;
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  readonly seen: readonly Seen[];
  /** What the step before left to commit; goes into the commit that opens this one. */
  readonly before: readonly Effect[];
  readonly commit: CommitStep;
  /** Told the whole text so far, each time it grows. Contract: must not throw. */
  readonly onText: ((text: string) => void) | undefined;
}

interface ModelAnswer {
  readonly text: string;
  /** What the model said and was told about its tool calls, to go on with. */
  readonly messages: readonly ModelMessage[];
  /** True: it waits for tool results and has not answered yet. */
  readonly calledTools: boolean;
  /** True: it stopped because it reached its length limit. */
  readonly isCutOff: boolean;
  /** Ends the step and settles its usage; belongs into the caller's next commit. */
  readonly effects: readonly Effect[];
}

/** The only way to a model. */
export interface MeteredGate {
  readonly modelId: string;
  /** False: every call is refused, also for what was queued before. */
  readonly isEnabled: boolean;
  /**
   * One model call as one journaled step: the step and its reservation are committed before the model is asked.
   * @throws AppError `access_denied` when models are switched off, `unavailable` when the model failed (the step is then committed as failed), or
   * `signal.reason` on abort (the step stays open; whoever ends or takes over the run closes it).
   */
  call(request: ModelCall, signal: AbortSignal): Promise<ModelAnswer>;
}

export function createMeteredGate(deps: {
  readonly model: Model;
  readonly isEnabled: boolean;
  readonly prices: Prices;
  readonly clock: Clock;
  readonly log: Log;
}): MeteredGate {
  const { model, isEnabled, clock, log } = deps;
  const modelId = model.modelId;

  async function call(request: ModelCall, signal: AbortSignal): Promise<ModelAnswer> {
    signal.throwIfAborted();
    if (!isEnabled) throw new AppError("access_denied", "The model is switched off here.");
    const step = { stepId: newId("step"), usageId: newId("use") };
    await commit(request, "start-model-step", [...request.before, ...opening(step, request)]);
    const startedMs = clock.monotonicMs();
    const fields = (): Record<string, unknown> => ({
      runId: request.run.id,
      model: modelId,
      durationMs: Math.round(clock.monotonicMs() - startedMs),
    });
    try {
      const answer = await ask(request, signal);
      log.write("debug", "model answered", { ...fields(), ...answer.tokens });
      return { ...answer, effects: closing(step, answer) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = describeFailure(error);
      log.write("warn", "model call failed", { ...fields(), error: failure });
      await commit(request, "fail-model-step", failStep(step, failure));
      throw modelFailure(error);
    }
  }

  async function commit(request: ModelCall, name: string, effects: readonly Effect[]) {
    const actor = SYSTEM_ACTOR.id;
    const { seen } = request;
    const result = await request.commit({ name, actor, now: clock.now(), seen, effects });
    if (result === "committed") return;
    throw new AppError("unavailable", "The run changed while the model was being asked.");
  }

  function opening(step: ModelStep, request: ModelCall): readonly Effect[] {
    const asked = JSON.stringify([modelId, request.instructions, request.messages]);
    const tokens = { inputTokens: estimateTokens(asked), outputTokens: RESERVED_OUTPUT_TOKENS };
    return openStep({
      ...step,
      run: request.run,
      number: request.number,
      model: modelId,
      requestDigest: sha256Hex(asked),
      reservedMicroUsd: costOf(tokens),
    });
  }

  function ask({ instructions, messages, onText }: ModelCall, signal: AbortSignal) {
    return withTimeout(clock, CALL_TIMEOUT_MS, signal, (limited) =>
      streamModel({ model, instructions, messages, onText }, limited),
    );
  }

  function closing(step: ModelStep, answer: StreamedAnswer): readonly Effect[] {
    const { text, messages, calledTools, tokens } = answer;
    // The text of a final answer is in the reply; only what a later step goes on from is kept here.
    const result = JSON.stringify(calledTools ? { messages } : { characters: text.length });
    return finishStep(step, result, { ...tokens, costMicroUsd: costOf(tokens) });
  }

  /** A model without a known price costs nothing here; its tokens are recorded all the same. */
  function costOf(tokens: TokenCount): number {
    const price = deps.prices.find(modelId);
    return price === undefined ? 0 : costMicroUsd(price, tokens);
  }

  return { modelId, isEnabled, call };
}

function modelFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError("unavailable", "The model did not answer.", { cause });
}

function describeFailure(error: unknown): string {
  const text = describeError(error);
  return text.length <= ERROR_LENGTH ? text : withoutOpenWord(text.slice(0, ERROR_LENGTH));
}
