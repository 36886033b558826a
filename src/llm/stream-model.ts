import type { FinishReason, LanguageModelUsage, ModelMessage } from "ai";
import { abortWith, OVER } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { Model } from "./open-models.ts";
import type { TokenCount } from "./prices.ts";

/** A tool as a model knows it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of what it takes. */
  readonly inputSchema: object;
}

/** What a model asked for. Nothing about it is checked: neither that there is such a tool nor what it is given. */
export interface RequestedCall {
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
}

export interface StreamRequest {
  readonly model: Model;
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  /** Offered, never run here. */
  readonly tools: readonly ModelTool[];
  /** The longest an answer may be; the call is reserved for by it. */
  readonly maxOutputTokens: number;
  readonly onText: ((text: string) => void) | undefined;
  /** Told of every piece that comes from the provider. */
  readonly onPart: () => void;
}

export interface StreamedAnswer {
  readonly text: string;
  /** What the model said, with all that its provider wants to be told again. */
  readonly messages: readonly ModelMessage[];
  /** Empty: it has answered. */
  readonly calls: readonly RequestedCall[];
  readonly isCutOff: boolean;
  /** As the provider counted them; `undefined` when it did not say. */
  readonly tokens: TokenCount | undefined;
}

/**
 * One call, without retries, to its end.
 * @throws what the model threw, or `signal.reason`; AppError `unavailable` when it ended without saying anything.
 */
export async function streamModel(
  request: StreamRequest,
  signal: AbortSignal,
): Promise<StreamedAnswer> {
  const stop = new AbortController();
  return await abortWith(signal, stop, () => readStream(request, stop));
}

async function readStream(request: StreamRequest, stop: AbortController): Promise<StreamedAnswer> {
  const { streamText, jsonSchema } = await loadSdk();
  const tools = Object.fromEntries(
    request.tools.map(({ name, description, inputSchema }) => [
      name,
      { description, inputSchema: jsonSchema(inputSchema) },
    ]),
  );
  const result = streamText({
    model: request.model,
    instructions: request.instructions,
    messages: keptForNext(request.messages),
    tools,
    maxOutputTokens: request.maxOutputTokens,
    maxRetries: 0,
    abortSignal: stop.signal,
    // Errors come as parts of the stream; without this the SDK prints them.
    onError: () => undefined,
  });
  let text = "";
  let characters = 0;
  for await (const part of result.stream) {
    if (part.type === "error") throw part.error;
    // These two come from the SDK itself, before anybody was asked.
    if (part.type !== "start" && part.type !== "start-step") request.onPart();
    characters += lengthOf(part);
    if (characters > request.maxOutputTokens * LONGEST_TOKEN) {
      stop.abort(OVER);
      throw new AppError("unavailable", "The model's answer is far longer than it may be.");
    }
    if (part.type !== "text-delta") continue;
    text += part.text;
    request.onText?.(text);
  }
  stop.signal.throwIfAborted();
  const calls = (await result.toolCalls).map(
    ({ toolCallId, toolName, input }): RequestedCall => ({
      callId: toolCallId,
      tool: toolName,
      input,
    }),
  );
  const finishReason = await result.finishReason;
  requireEnd(finishReason);
  if (calls.length === 0) requireText(text, finishReason);
  const usage = await result.usage;
  return {
    text,
    // The SDK answers calls that it cannot match by itself; every call is answered by us.
    messages: (await result.responseMessages).filter(({ role }) => role === "assistant"),
    calls,
    isCutOff: finishReason === "length",
    tokens: countTokens(usage),
  };
}

/** In characters, on average over an answer. Not every server holds to the length that it is told. */
const LONGEST_TOKEN = 32;

/** Of what it adds to an answer, to thoughts or to the arguments of a call. */
function lengthOf(part: object): number {
  if ("text" in part) return String(part.text).length;
  return "delta" in part ? String(part.delta).length : 0;
}

/** Anthropic keeps a request only up to where it is told to; others keep it by themselves, and do not read this. */
const KEEP = { anthropic: { cacheControl: { type: "ephemeral" } } } as const;

/** Work that has called tools is likely told again, with more behind it, at a tenth of the price. A first call may be the last. */
function keptForNext(messages: readonly ModelMessage[]): ModelMessage[] {
  const last = messages.at(-1);
  if (last?.role !== "tool") return [...messages];
  return [...messages.slice(0, -1), { ...last, providerOptions: KEEP }];
}

function countTokens({
  inputTokens,
  inputTokenDetails,
  outputTokens,
}: LanguageModelUsage): TokenCount | undefined {
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return {
    inputTokens,
    cachedInputTokens: inputTokenDetails.cacheReadTokens ?? 0,
    cacheWriteTokens: inputTokenDetails.cacheWriteTokens ?? 0,
    outputTokens,
  };
}

/** A connection that is closed too early looks like an end; half an answer, or half of a call, is none. */
function requireEnd(finishReason: FinishReason): void {
  if (finishReason === "interrupted")
    throw new AppError("unavailable", "The answer ended in its middle.");
  if (finishReason === "error")
    throw new AppError("unavailable", "The model broke off with an error.");
}

function requireText(text: string, finishReason: FinishReason): void {
  if (text.trim() !== "") return;
  if (finishReason === "content-filter")
    throw new AppError("unavailable", "The model refused to answer.");
  throw new AppError("unavailable", "The model gave an empty answer.");
}

let sdk: Promise<typeof import("ai")> | undefined;

/** Importing it costs about 150 ms: nobody pays who asks no model. */
export function loadSdk(): Promise<typeof import("ai")> {
  sdk ??= import("ai").then((loaded) => {
    // It would write warnings to the console, past our log.
    globalThis.AI_SDK_LOG_WARNINGS = false;
    return loaded;
  });
  return sdk;
}
