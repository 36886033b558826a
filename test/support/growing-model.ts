import type { LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { AppError } from "../../src/core/errors.ts";

export interface GrowingModel extends LanguageModelV4 {
  /** Writes on in the answer that is being written, or in the next one. */
  write(delta: string): void;
  /** The answer is whole. */
  finish(): void;
  /** It ends here, and will not be had by asking again. */
  fail(): void;
}

/** An AI SDK model that writes when a test writes. One answer at a time. */
export function createGrowingModel(): GrowingModel {
  let parts: (string | undefined)[] = [];
  let wake: () => void = () => undefined;
  let failure: AppError | undefined;

  async function* stream(
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LanguageModelV4StreamPart> {
    yield { type: "stream-start", warnings: [] };
    yield { type: "text-start", id: "t" };
    for (;;) {
      signal?.throwIfAborted();
      if (failure !== undefined) throw failure;
      const [delta, ...rest] = parts;
      if (parts.length > 0 && delta === undefined) break;
      if (delta !== undefined) {
        parts = rest;
        yield { type: "text-delta", id: "t", delta };
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    parts = [];
    yield { type: "text-end", id: "t" };
    yield {
      type: "finish",
      usage: {
        inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 5, text: 5, reasoning: 0 },
      },
      finishReason: { unified: "stop", raw: undefined },
    };
  }

  function add(part: string | undefined): void {
    parts.push(part);
    wake();
  }

  return {
    specificationVersion: "v4",
    provider: "test",
    modelId: "growing",
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error("this model only streams")),
    doStream: async ({ abortSignal }) => ({ stream: ReadableStream.from(stream(abortSignal)) }),
    write: add,
    finish: () => add(undefined),
    fail() {
      failure = new AppError("invalid_input", "this model will not");
      wake();
    },
  };
}
