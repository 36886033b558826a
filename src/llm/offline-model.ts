import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { filesMarkedBy } from "./attached-files.ts";
import { isBackgroundTask } from "./background-task.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import {
  answerOffline,
  type OfflineAnswer,
  type OfflineCall,
  type OfflineQuestion,
} from "./offline-answer.ts";
import { summariseOffline } from "./summarise-offline.ts";
import { isSummary } from "./summary-mode.ts";

const CHUNKS = 4;
const TEXT_ID = "text";

/** The model used when no provider is set: deterministic, without network, and says so. An AI SDK model like any other. */
export function createOfflineModel(): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "offline",
    modelId: "offline",
    supportedUrls: {},
    async doGenerate(options) {
      const reply = replyTo(options);
      return { ...reply, warnings: [] };
    },
    async doStream(options) {
      return { stream: ReadableStream.from(streamParts(replyTo(options))) };
    },
  };
}

interface OfflineReply {
  readonly content: LanguageModelV4Content[];
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
}

function replyTo(options: LanguageModelV4CallOptions): OfflineReply {
  options.abortSignal?.throwIfAborted();
  const answer = isToSummarise(options.prompt)
    ? summaryOf(options.prompt)
    : answerOffline(readQuestion(options));
  const isText = answer.kind === "text";
  return {
    content: isText
      ? [{ type: "text", text: answer.text }]
      : answer.calls.map((call, n) => toolCall(call, `offline-${options.prompt.length}-${n + 1}`)),
    finishReason: { unified: isText ? "stop" : "tool-calls", raw: undefined },
    usage: countUsage(options.prompt, isText ? answer.text : JSON.stringify(answer.calls)),
  };
}

function isToSummarise(prompt: LanguageModelV4Prompt): boolean {
  return prompt.some((message) => message.role === "system" && isSummary(message.content));
}

function summaryOf(prompt: LanguageModelV4Prompt): OfflineAnswer {
  const said = prompt.filter((message) => message.role === "user").map(textOf);
  return { kind: "text", text: summariseOffline(said.join("\n")) };
}

function toolCall({ tool, input }: OfflineCall, toolCallId: string): LanguageModelV4Content {
  return { type: "tool-call", toolCallId, toolName: tool, input: JSON.stringify(input) };
}

function readQuestion({ prompt, tools }: LanguageModelV4CallOptions): OfflineQuestion {
  const lastUser = prompt.findLastIndex((message) => message.role === "user");
  const user = prompt[lastUser];
  return {
    isBackgroundTask: prompt.some(
      (message) => message.role === "system" && isBackgroundTask(message.content),
    ),
    text: user === undefined ? "" : lastTextOf(user),
    files: user === undefined ? [] : filesOf(user),
    tools: (tools ?? []).filter((tool) => tool.type === "function").map((tool) => tool.name),
    toolResults: prompt.slice(lastUser + 1).flatMap(resultsOf),
  };
}

function textOf(message: LanguageModelV4Message): string {
  if (message.role === "system") return message.content;
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** What was said; who said it in a group, and what came along, stand in parts before it. */
function lastTextOf(message: LanguageModelV4Message): string {
  if (message.role === "system") return message.content;
  const last = message.content.at(-1);
  return last?.type === "text" && filesMarkedBy(last) === undefined ? last.text : "";
}

function filesOf(message: LanguageModelV4Message): readonly string[] {
  if (message.role === "system") return [];
  return message.content.flatMap((part) => filesMarkedBy(part) ?? []);
}

function resultsOf(message: LanguageModelV4Message): OfflineQuestion["toolResults"] {
  if (message.role !== "tool") return [];
  return message.content.flatMap((part) =>
    part.type === "tool-result"
      ? [
          {
            tool: part.toolName,
            text: describeOutput(part.output),
            isError: IS_ERROR.has(part.output.type),
          },
        ]
      : [],
  );
}

const IS_ERROR = new Set(["error-text", "error-json", "execution-denied"]);

function describeOutput(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "execution-denied":
      return output.reason ?? "denied";
    case "json":
    case "error-json":
      return JSON.stringify(output.value, null, 2);
    case "content":
      return output.value
        .map((part) => (part.type === "text" ? part.text : `(${part.type})`))
        .join("\n");
  }
}

function countUsage(prompt: LanguageModelV4Prompt, output: string): LanguageModelV4Usage {
  const input = prompt.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
  const written = estimateTokens(output);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: written, text: written, reasoning: 0 },
  };
}

function streamParts({ content, finishReason, usage }: OfflineReply): LanguageModelV4StreamPart[] {
  const body = content.flatMap((part): LanguageModelV4StreamPart[] => {
    if (part.type === "tool-call") return [part];
    return part.type === "text" ? textParts(part.text) : [];
  });
  return [{ type: "stream-start", warnings: [] }, ...body, { type: "finish", finishReason, usage }];
}

function textParts(text: string): LanguageModelV4StreamPart[] {
  const deltas = chunksOf(text).map((delta) => ({
    type: "text-delta" as const,
    id: TEXT_ID,
    delta,
  }));
  return [{ type: "text-start", id: TEXT_ID }, ...deltas, { type: "text-end", id: TEXT_ID }];
}

/** A few pieces that begin at word boundaries and together are exactly the text. */
function chunksOf(text: string): string[] {
  const words = text.match(/\s*\S+\s*$|\s*\S+/gu) ?? (text === "" ? [] : [text]);
  const size = Math.max(1, Math.ceil(words.length / CHUNKS));
  return Array.from({ length: Math.ceil(words.length / size) }, (_, i) =>
    words.slice(i * size, (i + 1) * size).join(""),
  );
}
