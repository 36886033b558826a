import type { ModelMessage, ToolResultPart } from "ai";
import { pageOfResult, resultLeftOut } from "../../core/tool/result-page.ts";

/** What a model asked of tools at once, and what it was answered. The two are told together or not at all. */
export interface Exchange {
  /** The model's own messages, as its provider wants them told again. */
  readonly asked: readonly ModelMessage[];
  /** Of every call in it, in its order. */
  readonly answers: readonly CallAnswer[];
}

export interface CallAnswer {
  readonly stepId: string;
  readonly callId: string;
  readonly tool: string;
  readonly text: string;
  readonly isFailure: boolean;
}

/** How much of its results an exchange tells: their first page, a shorter one, or only that they are there. */
export type Shown = "page" | "nothing" | { readonly characters: number };

export function messagesOfExchange(
  { asked, answers }: Exchange,
  shown: Shown,
): readonly ModelMessage[] {
  const content = answers.map(({ stepId, callId, tool, text, isFailure }): ToolResultPart => {
    const type = isFailure ? "error-text" : "text";
    const value = show(stepId, text, shown);
    return { type: "tool-result", toolCallId: callId, toolName: tool, output: { type, value } };
  });
  return [...asked, { role: "tool", content }];
}

function show(stepId: string, text: string, shown: Shown): string {
  if (shown === "page") return pageOfResult(stepId, text, 0);
  const stub = resultLeftOut(stepId, text);
  if (text.length <= stub.length) return text;
  return shown === "nothing" ? stub : pageOfResult(stepId, text, 0, shown.characters);
}
