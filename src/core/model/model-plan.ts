import type { ModelRef, Provider, Purpose } from "./model-ref.ts";

/** Where a provider is reached, and with which key. */
export interface Endpoint {
  readonly baseUrl: string;
  /** `undefined`: it takes none, such as a server on this machine. */
  readonly apiKey: string | undefined;
}

/** Which models are asked, in which order, and how they are reached. */
export interface ModelPlan {
  /** The first is asked; the next when the one before cannot answer. Never empty. */
  readonly models: Readonly<Record<Purpose, readonly [ModelRef, ...ModelRef[]]>>;
  /** Of every provider that is among the models, save `offline`. */
  readonly endpoints: Readonly<Partial<Record<Provider, Endpoint>>>;
}

/** Nobody is asked: what there is without any configuration. */
export const OFFLINE_PLAN: ModelPlan = {
  models: {
    chat: [{ provider: "offline", model: "offline" }],
    task: [{ provider: "offline", model: "offline" }],
    triage: [{ provider: "offline", model: "offline" }],
    summary: [{ provider: "offline", model: "offline" }],
  },
  endpoints: {},
};
