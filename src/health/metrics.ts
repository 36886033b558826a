import { Counter, Gauge, Registry } from "prom-client";
import { countJobs } from "../store/queries/jobs.ts";
import type { Reader } from "../store/store.ts";
import { createDeliveryLedger, createMessageLedger } from "./count-ledger.ts";

export interface MetricsDeps {
  readonly store: Reader;
  readonly loopLag: { recentMaxMs(): number };
  readonly version: string;
}

const OUTCOMES = ["answered", "task", "dropped", "failed", "pending"] as const;
const DELIVERY_STATES = ["pending", "sending", "sent", "failed", "unknown", "dead"] as const;
const JOB_STATES = ["waiting", "ready", "running", "dead"] as const;

/** The numbers at `/metrics`, read from the rows themselves, so they survive a restart and always balance. */
export function createMetrics(deps: MetricsDeps): { render(): Promise<string> } {
  const registry = new Registry();
  const register = { registers: [registry] };
  const accepted = new Counter({
    name: "agent_runtime_messages_accepted_total",
    help: "Inbound messages accepted: the sum of agent_runtime_messages over its outcomes.",
    ...register,
  });
  const messages = new Gauge({
    name: "agent_runtime_messages",
    help: "Inbound messages by outcome.",
    labelNames: ["outcome"] as const,
    ...register,
  });
  const deliveries = new Gauge({
    name: "agent_runtime_deliveries",
    help: "Deliveries by state.",
    labelNames: ["state"] as const,
    ...register,
  });
  const jobs = new Gauge({
    name: "agent_runtime_jobs",
    help: "Jobs in the queue by state; dead ones are dead letters.",
    labelNames: ["state"] as const,
    ...register,
  });
  const lag = new Gauge({
    name: "agent_runtime_event_loop_lag_seconds",
    help: "The longest the event loop stood still in the last seconds.",
    ...register,
  });
  const memory = new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory.",
    ...register,
  });
  new Gauge({
    name: "agent_runtime_info",
    help: "Always 1.",
    labelNames: ["version"],
    ...register,
  }).set({ version: deps.version }, 1);

  const messageLedger = createMessageLedger(deps.store);
  const deliveryLedger = createDeliveryLedger(deps.store);

  async function refresh(): Promise<void> {
    const [ledger, deliveriesByState, jobsByState] = await Promise.all([
      messageLedger.read(),
      deliveryLedger.read(),
      readJobs(deps.store),
    ]);
    accepted.reset();
    accepted.inc(ledger.accepted);
    for (const outcome of OUTCOMES) messages.set({ outcome }, ledger.byOutcome.get(outcome) ?? 0);
    for (const state of DELIVERY_STATES)
      deliveries.set({ state }, deliveriesByState.get(state) ?? 0);
    for (const state of JOB_STATES) jobs.set({ state }, jobsByState.get(state) ?? 0);
    lag.set(deps.loopLag.recentMaxMs() / 1_000);
    memory.set(process.memoryUsage.rss());
  }

  return {
    async render() {
      await refresh();
      return await registry.metrics();
    },
  };
}

async function readJobs(store: Reader): Promise<ReadonlyMap<string, number>> {
  const byState = new Map<string, number>();
  for (const { state, count } of await store.all(countJobs, {})) {
    byState.set(state, (byState.get(state) ?? 0) + Number(count));
  }
  return byState;
}
