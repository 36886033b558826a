/** Who a model is asked of. `offline` asks nobody. */
export const PROVIDERS = ["offline", "openai", "anthropic", "google", "openai-compatible"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A model by the name its provider gives it. */
export interface ModelRef {
  readonly provider: Provider;
  readonly model: string;
}

/** What a model is asked for; each may have a model of its own. */
export type Purpose = "chat" | "task" | "triage" | "summary";

/** `openai/gpt-6-sol`: how a model is named in the configuration, in usage rows and in prices. */
export function formatModelRef({ provider, model }: ModelRef): string {
  return provider === "offline" ? provider : `${provider}/${model}`;
}

/** Reads `provider/model`; the name of a model may have slashes of its own. `undefined` when it does not begin with a provider. */
export function parseModelRef(text: string): ModelRef | undefined {
  if (text === "offline") return { provider: "offline", model: "offline" };
  const slash = text.indexOf("/");
  const provider = PROVIDERS.find((name) => name === text.slice(0, slash));
  const model = text.slice(slash + 1);
  if (provider === undefined || provider === "offline" || model === "") return undefined;
  return { provider, model };
}
