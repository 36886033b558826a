import type { Clock } from "../core/clock.ts";
import { DELIVERY_STATES } from "../core/delivery/delivery.ts";
import type { CallTimes } from "../core/run/call-times.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import { countPendingApprovals } from "../store/queries/approvals.ts";
import { countJobs } from "../store/queries/jobs.ts";
import { spendOf } from "../store/queries/spend.ts";
import { type SpendSum, spendBy } from "../store/queries/spend-sums.ts";
import type { Reader } from "../store/store.ts";
import { createDeliveryLedger, createMessageLedger } from "./count-ledger.ts";
import { formatCallTimes } from "./format-call-times.ts";
import type { createGauges } from "./gauges.ts";
import type { ChannelHealth } from "./ports.ts";

type Gauges = ReturnType<typeof createGauges>;

export interface MetricsDeps {
  readonly store: Reader;
  readonly clock: Clock;
  readonly loopLag: { recentMaxMs(): number };
  readonly listChannels: () => readonly ChannelHealth[];
  readonly callTimes: Pick<CallTimes, "read">;
  readonly version: string;
}

const OUTCOMES = ["answered", "task", "dropped", "failed", "pending"] as const;
const MOST_MODELS = 20;
const MICRO_PER_USD = 1_000_000;
const JOB_STATES = ["waiting", "ready", "running", "dead"] as const;

/** The numbers at `/metrics`, read from the rows themselves, so they survive a restart and always balance; times are of this process. */
export function createMetrics(deps: MetricsDeps): { render(): Promise<string> } {
  let loading: Promise<Gauges> | undefined;
  const messageLedger = createMessageLedger(deps.store);
  const deliveryLedger = createDeliveryLedger(deps.store);

  async function refresh(gauges: Gauges): Promise<void> {
    const day = spendDay(deps.clock.now());
    const [ledger, deliveriesByState, jobsByState, pending, money, byModel] = await Promise.all([
      messageLedger.read(),
      deliveryLedger.read(),
      readJobs(deps.store),
      deps.store.first(countPendingApprovals, {}),
      deps.store.first(spendOf, { key: `day:${day}` }),
      spendBy(deps.store, "model", { day, filter: {}, limit: MOST_MODELS }),
    ]);
    const { accepted, messages, deliveries, jobs, approvals, spend, lag, memory } = gauges;
    accepted.reset();
    accepted.inc(ledger.accepted);
    for (const outcome of OUTCOMES) messages.set({ outcome }, ledger.byOutcome.get(outcome) ?? 0);
    for (const state of DELIVERY_STATES)
      deliveries.set({ state }, deliveriesByState.get(state) ?? 0);
    for (const state of JOB_STATES) jobs.set({ state }, jobsByState.get(state) ?? 0);
    approvals.set(Number(pending?.count ?? 0));
    spend.set({ state: "spent" }, (money?.spent_micro_usd ?? 0) / MICRO_PER_USD);
    spend.set({ state: "reserved" }, (money?.reserved_micro_usd ?? 0) / MICRO_PER_USD);
    tellModels(gauges, byModel);
    lag.set(deps.loopLag.recentMaxMs() / 1_000);
    memory.set(process.memoryUsage.rss());
    tellChannels(gauges, deps.listChannels());
  }

  return {
    async render() {
      loading ??= import("./gauges.ts").then(({ createGauges }) => createGauges(deps.version));
      const gauges = await loading;
      await refresh(gauges);
      return `${await gauges.registry.metrics()}\n${formatCallTimes(deps.callTimes.read())}`;
    },
  };
}

function tellModels({ calls, tokens }: Gauges, byModel: readonly SpendSum[]): void {
  calls.reset();
  tokens.reset();
  for (const { name: model, ...sum } of byModel) {
    calls.set({ model }, sum.calls);
    tokens.set({ model, direction: "read" }, sum.inputTokens);
    tokens.set({ model, direction: "written" }, sum.outputTokens);
  }
}

function tellChannels(
  { channelUp, channelSilence }: Gauges,
  channels: readonly ChannelHealth[],
): void {
  // A channel has another name once it has said who it is.
  channelUp.reset();
  channelSilence.reset();
  for (const { connector, account, isUp, silentMs } of channels) {
    channelUp.set({ connector, account }, isUp ? 1 : 0);
    if (silentMs !== undefined) channelSilence.set({ connector, account }, silentMs / 1_000);
  }
}

async function readJobs(store: Reader): Promise<ReadonlyMap<string, number>> {
  const byState = new Map<string, number>();
  for (const { state, count } of await store.all(countJobs, {})) {
    byState.set(state, (byState.get(state) ?? 0) + Number(count));
  }
  return byState;
}
