import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";

/** What the model does with one call. */
export type ScriptedCall =
  | { readonly text: string; readonly finish?: "stop" | "length" | "content-filter" }
  /** Says `text` and then nothing more until it is aborted. */
  | { readonly hangAfter: string }
  | { readonly failWith: Error }
  | { readonly callTool: string; readonly input?: object }
  /** Several at once. */
  | { readonly callTools: readonly (readonly [tool: string, input: object])[] };

export interface ScriptedModel extends LanguageModelV4 {
  readonly calls: readonly LanguageModelV4CallOptions[];
  /** Settles when call number `count` (1 is the first) has begun. */
  begun(count: number): Promise<void>;
}

const USAGE: LanguageModelV4Usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

/** A real AI SDK language model that does what it is told, call by call; the last line of the script repeats. */
export function createScriptedModel(
  ...script: readonly [ScriptedCall, ...ScriptedCall[]]
): ScriptedModel {
  return createModelThat((count) => script[Math.min(count, script.length) - 1] ?? script[0]);
}

/** The same with a script that is written while it goes on: what to do with call number `count`. */
export function createModelThat(doWith: (count: number) => ScriptedCall): ScriptedModel {
  const calls: LanguageModelV4CallOptions[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    specificationVersion: "v4",
    provider: "test",
    modelId: "scripted",
    supportedUrls: {},
    calls,
    begun: (count) =>
      new Promise((resolve) => {
        if (calls.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    doGenerate: () => Promise.reject(new Error("this model only streams")),
    async doStream(options) {
      calls.push(options);
      for (const one of waiting) if (calls.length >= one.count) one.resolve();
      const call = doWith(calls.length);
      if ("failWith" in call) throw call.failWith;
      return { stream: ReadableStream.from(perform(call, options.abortSignal)) };
    },
  };
}

async function* perform(
  call: Exclude<ScriptedCall, { readonly failWith: Error }>,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  const asked = toolsOf(call);
  if (asked.length > 0) {
    for (const [at, [toolName, input]] of asked.entries()) {
      const toolCallId = `call-${at + 1}`;
      yield { type: "tool-call", toolCallId, toolName, input: JSON.stringify(input) };
    }
    yield finish("tool-calls");
    return;
  }
  yield { type: "text-start", id: "t" };
  for (const delta of textOf(call).split(/(?<= )/u)) {
    yield { type: "text-delta", id: "t", delta };
  }
  if ("hangAfter" in call) {
    await new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
  yield { type: "text-end", id: "t" };
  yield finish("text" in call ? (call.finish ?? "stop") : "stop");
}

type Answered = Exclude<ScriptedCall, { readonly failWith: Error }>;

function toolsOf(call: Answered): readonly (readonly [string, object])[] {
  if ("callTools" in call) return call.callTools;
  return "callTool" in call ? [[call.callTool, call.input ?? {}]] : [];
}

function textOf(call: Answered): string {
  if ("text" in call) return call.text;
  return "hangAfter" in call ? call.hangAfter : "";
}

function finish(
  unified: "stop" | "length" | "content-filter" | "tool-calls",
): LanguageModelV4StreamPart {
  return { type: "finish", usage: USAGE, finishReason: { unified, raw: undefined } };
}
