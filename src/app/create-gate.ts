import type { Config } from "../config/config.ts";
import type { Clock } from "../core/clock.ts";
import { isLoopbackUrl } from "../core/listen-address.ts";
import type { Log } from "../core/log.ts";
import type { ModelPlan } from "../core/model/model-plan.ts";
import { formatModelRef, type ModelRef } from "../core/model/model-ref.ts";
import type { CallTimes } from "../core/run/call-times.ts";
import type { SpendCaps } from "../core/spend/spend-scope.ts";
import { createMeteredGate, type MeteredGate } from "../llm/metered-gate.ts";
import { createModels, type Model, type OpenModel } from "../llm/open-models.ts";
import { createPrices, type Prices } from "../llm/prices.ts";
import { readPricesFile } from "../llm/read-prices-file.ts";
import { loadSdk } from "../llm/stream-model.ts";
import type { Reader } from "../store/store.ts";

interface GateDeps {
  readonly config: Config;
  readonly store: Reader;
  readonly clock: Clock;
  readonly log: Log;
  readonly callTimes: CallTimes;
  /** Answers instead of all the models of the configuration, and costs nothing. */
  readonly model: Model | undefined;
}

/** The way to the models of the configuration. @throws AppError when the file of prices cannot be used. */
export async function createGate({
  config,
  store,
  clock,
  log,
  callTimes,
  model,
}: GateDeps): Promise<MeteredGate> {
  const { modelPlan: plan, models, spend, llm } = config;
  const own = spend.pricesFile === undefined ? {} : await readPricesFile(spend.pricesFile);
  const prices = createPrices(own, ({ provider }) => isHere(plan, provider));
  warnOfGuesses(plan, prices, log);
  const open = model === undefined ? createModels(plan) : async () => model;
  if (llm.enabled) await loadLibraries(plan, open);
  return createMeteredGate({
    clock,
    log,
    callTimes,
    reader: store,
    plan,
    open,
    findPrice: prices.find,
    caps: capsOf(spend),
    maxOutputTokens: models.maxOutputTokens,
    silenceMs: models.timeoutSeconds * 1_000,
    isEnabled: llm.enabled,
  });
}

/** So that the first question does not wait for them. Where no vendor is asked there may be no question. */
async function loadLibraries({ models }: ModelPlan, open: OpenModel): Promise<void> {
  const refs = Object.values(models).flat();
  const vendors = refs.filter(({ provider }) => provider !== "offline");
  if (vendors.length > 0) await Promise.all([loadSdk(), ...vendors.map(open)]);
}

function capsOf(spend: Config["spend"]): SpendCaps {
  const user = spend.userMicroUsd ?? null;
  return {
    daily: spend.dailyMicroUsd,
    run: spend.runMicroUsd,
    user,
    key: spend.keyMicroUsd ?? user,
    workspace: spend.workspaceMicroUsd ?? null,
  };
}

function isHere({ endpoints }: ModelPlan, provider: ModelRef["provider"]): boolean {
  const endpoint = endpoints[provider];
  return endpoint !== undefined && isLoopbackUrl(endpoint.baseUrl);
}

function warnOfGuesses(plan: ModelPlan, prices: Prices, log: Log): void {
  const refs = new Map(
    Object.values(plan.models).flatMap((all) => all.map((ref) => [formatModelRef(ref), ref])),
  );
  for (const [name, ref] of refs) {
    if (prices.find(ref).isListed) continue;
    log.write(
      "warn",
      `no price is known of ${name}: it is counted at its provider's dearest. AGENT_RUNTIME_PRICES_FILE can say it`,
    );
  }
}
