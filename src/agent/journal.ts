import type { ModelMessage } from "ai";
import type { Effect } from "../core/effect/effect.ts";
import type { StepKind, StepState } from "../core/run/run.ts";
import { loseReservations } from "../operations/end-open-work.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { openStepsOfRun } from "../store/queries/runs.ts";
import type { CallAnswer, Exchange } from "./memory/exchange.ts";

/** What earlier steps have left in the journal of a run or task. */
export interface JournalStep {
  readonly id: string;
  readonly run_id: string;
  readonly number: number;
  readonly kind: StepKind;
  readonly name: string;
  readonly state: StepState;
  readonly round: number | null;
  readonly call_id: string | null;
  readonly arguments: string | null;
  readonly result: string | null;
}

/** A tool call that has not ended. */
export type OpenCall = JournalStep & { readonly call_id: string; readonly arguments: string };

/** How a step ends that nobody saw the end of. */
export const PROCESS_DIED = {
  state: "unknown",
  error: "the process ended during this step",
} as const;
export const MODEL_OFF = {
  state: "failed",
  error: "the model was switched off",
  why: { what: "the model was switched off", by: null },
} as const;
export const GIVEN_UP = {
  state: "failed",
  why: { what: "the work it belongs to failed", by: null },
} as const;

/** Where the work has got to: what was finished is gone on from, not paid again. */
export interface Progress {
  /** All that was asked of tools and answered. */
  readonly exchanges: readonly Exchange[];
  /** Times a model asked for tools. */
  readonly rounds: number;
  /** Tool calls, whatever became of them. */
  readonly calls: number;
  /** Those that have not ended, in the order they were asked for. */
  readonly open: readonly OpenCall[];
  /** Of the next step of `runId`. */
  readonly nextNumber: number;
}

/** Reads the steps of a run, or of all runs of a task, in their order. */
export function readProgress(steps: readonly JournalStep[], runId: string): Progress {
  const calls = steps.filter(isCall);
  const rounds = steps.flatMap((step) => {
    const messages = messagesOf(step);
    if (messages === undefined) return [];
    const own = calls.filter((call) => call.run_id === step.run_id && call.round === step.number);
    return [{ messages, calls: own }];
  });
  const numbers = steps.filter((step) => step.run_id === runId).map((step) => step.number);
  return {
    exchanges: rounds
      .filter((round) => !round.calls.some(isOpen))
      .map((round) => ({ asked: round.messages, answers: round.calls.map(answerOf) })),
    rounds: rounds.length,
    calls: calls.length,
    open: calls.filter(isOpen),
    nextNumber: Math.max(0, ...numbers) + 1,
  };
}

function isCall(step: JournalStep): step is OpenCall {
  return step.kind === "tool" && step.call_id !== null && step.arguments !== null;
}

/** What is unknown ends when a person has said whether to do it again. */
function isOpen({ state, result }: JournalStep): boolean {
  if (state === "unknown") return result === null;
  return state === "ready" || state === "waiting" || state === "started";
}

/** `undefined` when it is no answer that asks for tools. */
function messagesOf({ kind, state, result }: JournalStep): readonly ModelMessage[] | undefined {
  if (kind !== "model" || state !== "finished" || result === null) return undefined;
  return (JSON.parse(result) as { messages?: readonly ModelMessage[] }).messages;
}

/** What a model is told of a call that has ended. */
export interface CallResult {
  readonly text: string;
}

function answerOf({ id, call_id: callId, name, state, result }: OpenCall): CallAnswer {
  const { text } = JSON.parse(result ?? '{"text":""}') as CallResult;
  return { stepId: id, callId, tool: name, text, isFailure: state !== "finished" };
}

/** Ends a model's answer that an earlier attempt died in; a tool call stays, to be gone on with. */
export async function closeLostAnswers(
  deps: OperationDeps,
  runId: string,
): Promise<readonly Effect[]> {
  const steps = await deps.store.all(openStepsOfRun, { runId });
  const lost = steps.filter(({ kind, state }) => kind === "model" && state === "started");
  return [
    ...lost.map(({ id }): Effect => ({ type: "end-step", id, result: null, ...PROCESS_DIED })),
    ...(await loseReservations(deps, runId)),
  ];
}
