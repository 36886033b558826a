import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { createScriptedModel } from "./scripted-model.ts";

export interface HeldModel extends LanguageModelV4 {
  /** What each call was asked, in order. */
  readonly asked: readonly string[];
  /** How many calls were given up before they were answered. */
  readonly aborted: number;
  /** Settles when call number `count` (1 is the first) has begun. */
  begun(count: number): Promise<void>;
  /** Lets every call that waits answer, and all later ones at once. */
  release(): void;
}

/** A slow AI SDK model: it answers `Answer to: <question>`, but only once it is let. */
export function createHeldModel(): HeldModel {
  const asked: string[] = [];
  const begun: { count: number; resolve: () => void }[] = [];
  const held = Promise.withResolvers<void>();
  let aborted = 0;
  return {
    specificationVersion: "v4",
    provider: "test",
    modelId: "held",
    supportedUrls: {},
    asked,
    get aborted() {
      return aborted;
    },
    begun: (count) =>
      new Promise((resolve) => {
        if (asked.length >= count) resolve();
        else begun.push({ count, resolve });
      }),
    release: held.resolve,
    doGenerate: () => Promise.reject(new Error("this model only streams")),
    async doStream(options) {
      const question = lastQuestion(options);
      asked.push(question);
      for (const one of begun) if (asked.length >= one.count) one.resolve();
      await Promise.race([held.promise, rejectOnAbort(options.abortSignal)]).catch((error) => {
        aborted += 1;
        throw error;
      });
      return createScriptedModel({ text: `Answer to: ${question}` }).doStream(options);
    },
  };
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function lastQuestion({ prompt }: LanguageModelV4CallOptions): string {
  const last = prompt.findLast((message) => message.role === "user");
  if (last === undefined || last.role !== "user") return "";
  return last.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
