import type { LanguageModel } from "ai";
import type { Endpoint, ModelPlan } from "../core/model/model-plan.ts";
import type { ModelRef } from "../core/model/model-ref.ts";
import { createOfflineModel } from "./offline-model.ts";

/** An AI SDK language model; never the name of one, which would mean a hosted gateway. */
export type Model = Exclude<LanguageModel, string>;

/** Hands out models by their names. The same name gives the same model. */
export type OpenModel = (ref: ModelRef) => Promise<Model>;

/** The models of a plan. A vendor's library is loaded when its first model is opened. */
export function createModels({ endpoints }: ModelPlan): OpenModel {
  const makers = new Map<string, Promise<(model: string) => Model>>();
  return async ({ provider, model }) => {
    if (provider === "offline") return createOfflineModel();
    const endpoint = endpoints[provider];
    if (endpoint === undefined) throw new Error(`no address for ${provider}`);
    const maker = makers.get(provider) ?? MAKERS[provider](endpoint);
    makers.set(provider, maker);
    return (await maker)(model);
  };
}

/** A redirect is a failure: keys and what people said are for the address that was set, whoever answers there. */
const fetchHere: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "manual" });

/** No key: the libraries would look for one in the environment, so they are given one that says nothing. */
const NO_KEY = "none";

const MAKERS = {
  async openai({ baseUrl, apiKey = NO_KEY }: Endpoint) {
    const { createOpenAI } = await import("@ai-sdk/openai");
    const openai = createOpenAI({ baseURL: baseUrl, apiKey, fetch: fetchHere });
    // Chat completions, the wire format that every server in front of OpenAI speaks too.
    return (model: string) => openai.chat(model);
  },
  async anthropic({ baseUrl, apiKey = NO_KEY }: Endpoint) {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    return createAnthropic({ baseURL: baseUrl, apiKey, fetch: fetchHere });
  },
  async google({ baseUrl, apiKey = NO_KEY }: Endpoint) {
    const { createGoogleGenerativeAI } = await import("@ai-sdk/google");
    return createGoogleGenerativeAI({ baseURL: baseUrl, apiKey, fetch: fetchHere });
  },
  async "openai-compatible"({ baseUrl, apiKey }: Endpoint) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const key = apiKey === undefined ? {} : { apiKey };
    const how = { name: "openai-compatible", includeUsage: true, fetch: fetchHere };
    return createOpenAICompatible({ ...how, baseURL: baseUrl, ...key });
  },
} satisfies Record<string, (endpoint: Endpoint) => Promise<(model: string) => Model>>;
