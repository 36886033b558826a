import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { createOfflineModel } from "../../src/llm/offline-model.ts";

const model = createOfflineModel();

/** What a model is given when a person says `text`. */
export function ask(
  text: string,
  options: { system?: string; tools?: readonly string[]; after?: LanguageModelV4Prompt } = {},
) {
  const prompt: LanguageModelV4Prompt = [
    { role: "system", content: options.system ?? "You help." },
    { role: "user", content: [{ type: "text", text }] },
    ...(options.after ?? []),
  ];
  const tools = (options.tools ?? []).map((name) => ({
    type: "function" as const,
    name,
    inputSchema: {},
  }));
  return { prompt, tools } satisfies LanguageModelV4CallOptions;
}

export async function textFor(
  text: string,
  options: Parameters<typeof ask>[1] = {},
): Promise<string> {
  const { content } = await model.doGenerate(ask(text, options));
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
