import type { ModelMessage, ToolResultPart } from "ai";
import { guardText } from "../core/guardrail/guard-text.ts";
import {
  type Guard,
  type GuardedValue,
  type GuardrailRules,
  inputGuard,
} from "../core/guardrail/guardrail.ts";
import type { Log } from "../core/log.ts";
import type { Redactor } from "../core/redact.ts";
import type { MeteredGate } from "./metered-gate.ts";
import type { ModelCall } from "./model-call.ts";

interface Deps {
  readonly redactor: Pick<Redactor, "hideKnown">;
  readonly rules: GuardrailRules;
  readonly log: Log;
}

/**
 * The same gate, through which no model is told a secret of this process, nor a value that the input guardrail keeps from
 * it. Whatever composed the request: what is said, the past, files, results of tools.
 */
export function guardGate(gate: MeteredGate, deps: Deps): MeteredGate {
  return {
    ...gate,
    call: (request, signal) => gate.call(guardRequest(deps, request), signal),
  };
}

function guardRequest({ redactor, rules, log }: Deps, request: ModelCall): ModelCall {
  const found = new Set<GuardedValue>();
  // What blocks a message is told to whoever sent it before a model is asked; anywhere else it is replaced.
  const given = inputGuard(rules);
  const guard: Guard = given.mode === "block" ? { ...given, mode: "redact" } : given;
  const hide = (text: string, isNew: boolean): string => {
    const guarded = guardText(guard, redactor.hideKnown(text));
    if (guarded.kind === "blocked") return "";
    if (isNew) for (const value of guarded.found) found.add(value);
    return guarded.text;
  };
  const lastAnswer = request.messages.findLastIndex(({ role }) => role === "assistant");
  const messages = request.messages.map((message, index) =>
    withTexts(message, (text) => hide(text, index > lastAnswer)),
  );
  const instructions = hide(request.instructions, false);
  if (found.size > 0) {
    const { runId } = request.work;
    log.write("info", "guardrail found values", {
      direction: "input",
      mode: given.mode,
      found: [...found],
      runId,
    });
  }
  return { ...request, instructions, messages };
}

/** What a model thought, and with what it called tools, stays as its provider has signed it. */
function withTexts(message: ModelMessage, hide: (text: string) => string): ModelMessage {
  const { content } = message;
  if (typeof content === "string") return { ...message, content: hide(content) } as ModelMessage;
  const parts = content.map((part) => {
    if (part.type === "text") return { ...part, text: hide(part.text) };
    return part.type === "tool-result"
      ? { ...part, output: hideInOutput(part.output, hide) }
      : part;
  });
  return { ...message, content: parts } as ModelMessage;
}

function hideInOutput(
  output: ToolResultPart["output"],
  hide: (text: string) => string,
): ToolResultPart["output"] {
  return mapTexts(output, hide) as ToolResultPart["output"];
}

/** Every text in what JSON can hold, but what says of which type it is. */
function mapTexts(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === "type" ? one : mapTexts(one, hide)]),
  );
}
