import type { FinishReason, ModelMessage } from "ai";
import { AppError } from "../core/errors.ts";
import type { Model } from "./models.ts";
import type { TokenCount } from "./prices.ts";

export interface StreamRequest {
  readonly model: Model;
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  readonly onText: ((text: string) => void) | undefined;
}

export interface StreamedAnswer {
  readonly text: string;
  readonly messages: readonly ModelMessage[];
  readonly calledTools: boolean;
  readonly isCutOff: boolean;
  readonly tokens: TokenCount;
}

/**
 * One call, without retries, to its end. A tool call is answered by the SDK with "no such tool", because none is offered.
 * @throws what the model threw, or `signal.reason`; AppError `unavailable` when it ended without saying anything.
 */
export async function streamModel(
  request: StreamRequest,
  signal: AbortSignal,
): Promise<StreamedAnswer> {
  const { streamText } = await loadSdk();
  const result = streamText({
    model: request.model,
    instructions: request.instructions,
    messages: [...request.messages],
    maxRetries: 0,
    abortSignal: signal,
    // Errors come as parts of the stream; without this the SDK prints them.
    onError: () => undefined,
  });
  let text = "";
  for await (const part of result.stream) {
    if (part.type === "error") throw part.error;
    if (part.type !== "text-delta") continue;
    text += part.text;
    request.onText?.(text);
  }
  signal.throwIfAborted();
  const calledTools = (await result.toolCalls).length > 0;
  const finishReason = await result.finishReason;
  if (!calledTools) requireText(text, finishReason);
  const usage = await result.usage;
  return {
    text,
    messages: await result.responseMessages,
    calledTools,
    isCutOff: finishReason === "length",
    tokens: { inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 },
  };
}

function requireText(text: string, finishReason: FinishReason): void {
  if (finishReason === "error")
    throw new AppError("unavailable", "The model broke off with an error.");
  if (text.trim() !== "") return;
  if (finishReason === "content-filter")
    throw new AppError("unavailable", "The model refused to answer.");
  throw new AppError("unavailable", "The model gave an empty answer.");
}

let sdk: Promise<typeof import("ai")> | undefined;

/** Importing it costs about 150 ms, so only the first call pays. */
function loadSdk(): Promise<typeof import("ai")> {
  sdk ??= import("ai").then((loaded) => {
    // It would write warnings to the console, past our log.
    globalThis.AI_SDK_LOG_WARNINGS = false;
    return loaded;
  });
  return sdk;
}
