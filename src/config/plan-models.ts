import { isLoopbackUrl } from "../core/listen-address.ts";
import { type Endpoint, type ModelPlan, OFFLINE_PLAN } from "../core/model/model-plan.ts";
import {
  formatModelRef,
  type ModelRef,
  type Provider,
  parseModelRef,
} from "../core/model/model-ref.ts";
import type { Config } from "./config.ts";
import { PREFIX } from "./setting.ts";
import { VENDOR_NAMES, VENDORS, type Vendor, vendorAt } from "./vendors.ts";

/** What the environment or `.env` gives a name, if anything. */
export type FindText = (name: string) => string | undefined;

export interface PlannedModels {
  readonly plan: ModelPlan;
  /** What makes the configuration unusable, one sentence each. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

type ModelSettings = Config["models"];

const isVendor = (provider: Provider): provider is Vendor =>
  VENDOR_NAMES.some((vendor) => vendor === provider);

/**
 * Which models are asked, where and with which key. A key goes to the vendor it is of and to no other; the key that
 * other programs of a vendor use is taken only where the configuration names that vendor.
 */
export function planModels(settings: ModelSettings, find: FindText): PlannedModels {
  const provider = settings.provider ?? (settings.apiKey === undefined ? "offline" : "openai");
  const problems: string[] = [];
  const plan =
    provider === "offline" ? OFFLINE_PLAN : planProvider({ settings, find, provider, problems });
  if (provider === "offline") problems.push(...findStray(settings));
  const used = Object.keys(plan.endpoints);
  return { plan, problems, warnings: [...unusedKeys(find, used), ...openKeys(plan)] };
}

interface Planning {
  readonly settings: ModelSettings;
  readonly find: FindText;
  readonly provider: Exclude<Provider, "offline">;
  readonly problems: string[];
}

function planProvider(planning: Planning): ModelPlan {
  const { settings, provider, problems } = planning;
  const main = mainModel(planning);
  const inOrder = (name: string | undefined): readonly [ModelRef, ...ModelRef[]] => {
    const first = name === undefined ? main : (parseModelRef(name) ?? { provider, model: name });
    return [first, ...settings.fallbacks.filter((ref) => !isSame(ref, first))];
  };
  const models = {
    chat: inOrder(settings.modelChat),
    task: inOrder(settings.modelTask),
    triage: inOrder(settings.modelTriage),
    summary: inOrder(settings.modelSummary),
  };
  const providers = new Set(
    Object.values(models).flatMap((refs) => refs.map((ref) => ref.provider)),
  );
  const endpoints: Partial<Record<Provider, Endpoint>> = {};
  for (const name of providers) {
    if (name === "offline") continue;
    const found = name === provider ? ownEndpoint(planning) : otherEndpoint(planning, name);
    if (typeof found === "string") problems.push(found);
    else endpoints[name] = found;
  }
  return { models, endpoints };
}

function isSame(a: ModelRef, b: ModelRef): boolean {
  return formatModelRef(a) === formatModelRef(b);
}

function mainModel({ settings, provider, problems }: Planning): ModelRef {
  const model = settings.model ?? (isVendor(provider) ? VENDORS[provider].defaultModel : undefined);
  if (model !== undefined) return { provider, model };
  problems.push(
    `${PREFIX}LLM_PROVIDER is ${provider}. Set ${PREFIX}LLM_MODEL to the model's name.`,
  );
  return { provider, model: "" };
}

/** Of the provider that `LLM_PROVIDER` names. A sentence when it cannot be reached as it stands. */
function ownEndpoint({ settings, find, provider }: Planning): Endpoint | string {
  const own = isVendor(provider) ? VENDORS[provider].baseUrl : undefined;
  const baseUrl = settings.baseUrl ?? own;
  if (baseUrl === undefined)
    return `${PREFIX}LLM_PROVIDER is ${provider}. Set ${PREFIX}LLM_BASE_URL to the server's address.`;
  const vendor = vendorAt(baseUrl);
  if (isVendor(provider) && vendor !== undefined && vendor !== provider)
    return `${PREFIX}LLM_BASE_URL is ${vendor}'s address, but ${PREFIX}LLM_PROVIDER is ${provider}. A key is never sent to somebody else: change one of them.`;
  // A key that other programs use for this vendor is for this vendor's own address only.
  const lent =
    settings.provider !== undefined && vendor === provider ? vendorKey(find, provider) : undefined;
  const apiKey = settings.apiKey ?? lent;
  if (apiKey === undefined && isVendor(provider) && !isLoopbackUrl(baseUrl))
    return `${PREFIX}LLM_PROVIDER is ${provider}, which needs a key. Set ${PREFIX}LLM_API_KEY.`;
  return { baseUrl, apiKey };
}

/** Of a provider that only a fallback or the model of a purpose names: its own address and its own key. */
function otherEndpoint(
  { find }: Planning,
  provider: Exclude<Provider, "offline">,
): Endpoint | string {
  if (!isVendor(provider))
    return `A model of ${provider} is named, but ${PREFIX}LLM_PROVIDER is another. Its address can only be set for ${PREFIX}LLM_PROVIDER.`;
  const apiKey = vendorKey(find, provider);
  const { baseUrl, keyNames } = VENDORS[provider];
  if (apiKey === undefined)
    return `A model of ${provider} is named. Set ${keyNames[0]} to its key.`;
  return { baseUrl, apiKey };
}

function vendorKey(find: FindText, provider: Provider): string | undefined {
  if (!isVendor(provider)) return undefined;
  return VENDORS[provider].keyNames.map(find).find((key) => key !== undefined);
}

/** What says something of a model although none is asked. */
function findStray(settings: ModelSettings): readonly string[] {
  if (settings.provider === "offline") return [];
  const given = [
    settings.baseUrl === undefined ? undefined : "LLM_BASE_URL",
    settings.model === undefined ? undefined : "LLM_MODEL",
    settings.modelChat === undefined ? undefined : "LLM_MODEL_CHAT",
    settings.modelTask === undefined ? undefined : "LLM_MODEL_TASK",
    settings.modelTriage === undefined ? undefined : "LLM_MODEL_TRIAGE",
    settings.modelSummary === undefined ? undefined : "LLM_MODEL_SUMMARY",
    settings.fallbacks.length === 0 ? undefined : "LLM_FALLBACKS",
  ].find((name) => name !== undefined);
  if (given === undefined) return [];
  return [
    `${PREFIX}${given} is set, but not who is asked. Set ${PREFIX}LLM_PROVIDER, for example to openai-compatible.`,
  ];
}

/** A person who has set such a key may think that it is used. */
function unusedKeys(find: FindText, used: readonly string[]): readonly string[] {
  return VENDOR_NAMES.filter((vendor) => !used.includes(vendor)).flatMap((vendor) => {
    const name = VENDORS[vendor].keyNames.find((keyName) => find(keyName) !== undefined);
    if (name === undefined) return [];
    return [`${name} is set and not used. ${PREFIX}LLM_PROVIDER=${vendor} would use it.`];
  });
}

/** A key that goes over the network in the clear. */
function openKeys({ endpoints }: ModelPlan): readonly string[] {
  return Object.values(endpoints)
    .filter(({ baseUrl, apiKey }) => apiKey !== undefined && isInTheClear(baseUrl))
    .map(({ baseUrl }) => `The model's key is sent to ${baseUrl} unencrypted. Use https://.`);
}

function isInTheClear(url: string): boolean {
  return new URL(url).protocol === "http:" && !isLoopbackUrl(url);
}
