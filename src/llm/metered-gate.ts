import type { Effect } from "../core/effect/effect.ts";
import { AppError, describeError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { ModelFailed } from "../core/model/model-failed.ts";
import type { ModelPlan } from "../core/model/model-plan.ts";
import {
  formatModelRef,
  type ModelRef,
  type Purpose,
  parseModelRef,
} from "../core/model/model-ref.ts";
import type { CallTimes, TimedCall } from "../core/run/call-times.ts";
import type { SpendRules } from "../core/spend/spend-rules.ts";
import { withoutOpenWord } from "../core/without-open-word.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { failureInWords } from "./failure-in-words.ts";
import { type Failure, judgeFailure } from "./judge-failure.ts";
import type { ModelAnswer, ModelCall } from "./model-call.ts";
import { failStep, finishStep } from "./model-step.ts";
import type { OpenModel } from "./open-models.ts";
import { costMicroUsd, type TokenCount } from "./prices.ts";
import { commitCall, type ReserveDeps, reserveCall } from "./reserve-call.ts";
import { type StreamedAnswer, streamModel } from "./stream-model.ts";
import { withSilenceLimit } from "./with-silence-limit.ts";

const ERROR_LENGTH = 500;
const UNCOUNTED =
  "the model's provider did not count its tokens: the call counts as all that was put aside for it";

/** The only way to a model. */
export interface MeteredGate {
  /** Of the model that is asked first: `openai/gpt-6-sol`, `offline`. */
  modelFor(purpose: Purpose): string;
  /** False: every call is refused, also for what was queued before. */
  readonly isEnabled: boolean;
  /** What it holds calls to. */
  readonly spendRules: SpendRules;
  /**
   * Asks the models of the plan, one after another until one answers: each as a journaled step whose cost is put aside
   * before and settled after.
   * @throws SpendCapReached when the call does not fit into a cap; AppError `access_denied` when models are switched off;
   * ModelFailed `unavailable` when none answered, `invalid_input` when it was refused for good (the steps are then
   * committed as failed); `signal.reason` on abort (the step stays open; whoever ends or takes over the run closes it).
   */
  call(request: ModelCall, signal: AbortSignal): Promise<ModelAnswer>;
}

export interface MeteredGateDeps extends ReserveDeps {
  readonly plan: ModelPlan;
  readonly open: OpenModel;
  /** How long a model may be silent. */
  readonly silenceMs: number;
  /** False: every call is refused, also for what was queued before. */
  readonly isEnabled: boolean;
  readonly log: Log;
  readonly callTimes: Pick<CallTimes, "add">;
}

export function createMeteredGate(deps: MeteredGateDeps): MeteredGate {
  return {
    isEnabled: deps.isEnabled,
    spendRules: { caps: deps.caps, isPriced: (model) => isPriced(deps, model) },
    modelFor: (purpose) => formatModelRef(deps.plan.models[purpose][0]),
    async call(request, signal) {
      signal.throwIfAborted();
      if (!deps.isEnabled) throw new AppError("access_denied", "The model is switched off here.");
      let next = request;
      const failed: Failed[] = [];
      for (const ref of inOrder(deps.plan, request)) {
        const outcome = await tryOnce(deps, next, ref, signal);
        if ("answer" in outcome) return outcome.answer;
        failed.push(outcome);
        if (outcome.failure.isFinal) break;
        next = { ...next, number: next.number + 1, before: [] };
      }
      throw describeEnd(failed);
    },
  };
}

/** A run goes on with the model that answered it last, as long as that one can be reached; a summary if it is its own too. */
function inOrder({ models, endpoints }: ModelPlan, { purpose, pinned }: ModelCall) {
  const planned = models[purpose];
  const ref = pinned === undefined ? undefined : parseModelRef(pinned);
  if (ref === undefined || endpoints[ref.provider] === undefined) return planned;
  if (purpose === "summary" && !includes(planned, pinned)) return planned;
  const others = planned.filter((one) => formatModelRef(one) !== pinned);
  return [ref, ...others];
}

function includes(refs: readonly ModelRef[], name: string | undefined): boolean {
  return refs.some((one) => formatModelRef(one) === name);
}

function isPriced({ findPrice }: MeteredGateDeps, model: string): boolean {
  const ref = parseModelRef(model);
  return ref !== undefined && findPrice(ref).isListed;
}

interface Failed {
  readonly model: string;
  readonly error: unknown;
  readonly failure: Failure;
}

async function tryOnce(
  deps: MeteredGateDeps,
  request: ModelCall,
  ref: ModelRef,
  signal: AbortSignal,
): Promise<{ readonly answer: ModelAnswer } | Failed> {
  const { clock, log } = deps;
  const step = await reserveCall(deps, request, ref);
  const startedMs = clock.monotonicMs();
  const end = (outcome: TimedCall["outcome"]): Record<string, unknown> => {
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    deps.callTimes.add({ kind: "model", name: step.model, outcome, durationMs });
    return { runId: request.work.runId, model: step.model, durationMs };
  };
  const begun = { isBegun: false };
  try {
    const answer = await ask(deps, request, ref, begun, signal);
    const fields = end("finished");
    log.write("debug", "model answered", { ...fields, ...answer.tokens });
    if (answer.tokens === undefined) log.write("warn", UNCOUNTED, fields);
    const spent =
      answer.tokens === undefined
        ? { ...guessTokens(request, answer), costMicroUsd: step.reservedMicroUsd }
        : {
            ...answer.tokens,
            costMicroUsd: costMicroUsd(deps.findPrice(ref).price, answer.tokens),
          };
    const effects = [
      ...finishStep(step, journalOf(answer), spent, clock.now()),
      ...keepModel(deps.plan, request, step.model),
    ];
    return { answer: { ...answer, number: request.number, effects } };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const failure = judgeFailure(error, begun.isBegun, clock.now());
    const text = describeFailure(error);
    const { trouble, sign } = failure;
    log.write("warn", "model call failed", { ...end("failed"), trouble, sign, error: text });
    const lost = failure.isBilled ? step.reservedMicroUsd : 0;
    await commitCall(clock, request, "fail-model-step", failStep(step, text, lost));
    return { model: step.model, error, failure };
  }
}

/**
 * So that whoever did not answer is not asked first in every round. A summary may have models of its own: it counts where
 * the one of the run did not answer it, and one answered that its turn may be answered by.
 */
function keepModel(
  { models }: ModelPlan,
  { work, purpose, pinned }: ModelCall,
  model: string,
): readonly Effect[] {
  if (pinned === undefined || pinned === model) return [];
  const isOfRun = includes(models.summary, pinned) && includes(models.chat, model);
  if (purpose === "summary" && !isOfRun) return [];
  return [{ type: "keep-model", id: work.runId, model }];
}

async function ask(
  deps: MeteredGateDeps,
  { instructions, messages, tools, onText }: ModelCall,
  ref: ModelRef,
  begun: { isBegun: boolean },
  signal: AbortSignal,
): Promise<StreamedAnswer> {
  const model = await deps.open(ref);
  const { maxOutputTokens } = deps;
  return await withSilenceLimit(deps.clock, deps.silenceMs, signal, (limited, onSign) => {
    const onPart = () => {
      begun.isBegun = true;
      onSign();
    };
    return streamModel(
      { model, instructions, messages, tools, maxOutputTokens, onText, onPart },
      limited,
    );
  });
}

/** Of a call that its provider did not count, for the limit of its run. */
function guessTokens(
  { instructions, messages, tools }: ModelCall,
  { text, calls }: StreamedAnswer,
): Pick<TokenCount, "inputTokens" | "outputTokens"> {
  return {
    inputTokens: estimateTokens(JSON.stringify([instructions, tools, messages])),
    outputTokens: estimateTokens(JSON.stringify([text, calls])),
  };
}

/** The text of a final answer is in the reply; only what a later step goes on from is kept. */
function journalOf({ text, messages, calls }: StreamedAnswer): string {
  return JSON.stringify(calls.length > 0 ? { messages } : { characters: text.length });
}

/** What is worth another try is tried by the queue, not before its provider wants it. */
function describeEnd(failed: readonly Failed[]): ModelFailed {
  const cause = failed.at(-1)?.error;
  const why = failed.map(({ model, error, failure }) => failureInWords(model, error, failure));
  const said = [...new Set(why)].join(" ");
  const isOver = failed.some(({ failure }) => failure.isFinal);
  if (isOver || !failed.some(({ failure }) => failure.isPassing))
    return new ModelFailed("invalid_input", said, { cause });
  // All of them are asked again then, so whoever wants the longest wait is waited for.
  const waits = failed.flatMap(({ failure }) => failure.retryAfterMs ?? []);
  const retryAfterMs = waits.length === 0 ? undefined : Math.max(...waits);
  return new ModelFailed("unavailable", said, { cause, retryAfterMs });
}

function describeFailure(error: unknown): string {
  const text = describeError(error);
  return text.length <= ERROR_LENGTH ? text : withoutOpenWord(text.slice(0, ERROR_LENGTH));
}
