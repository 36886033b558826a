import { Counter, Gauge, Registry } from "prom-client";

/** The gauges of `/metrics`. In a file of its own, so that the library is loaded when somebody first asks. */
export function createGauges(version: string) {
  const registry = new Registry();
  const accepted = new Counter({
    name: "agent_runtime_messages_accepted_total",
    help: "Inbound messages accepted: the sum of agent_runtime_messages over its outcomes.",
    registers: [registry],
  });
  const gauge = gaugesIn(registry);
  const messages = gauge("agent_runtime_messages", "Inbound messages by outcome.", "outcome");
  const deliveries = gauge("agent_runtime_deliveries", "Deliveries by state.", "state");
  const jobs = gauge(
    "agent_runtime_jobs",
    "Jobs in the queue by state; dead ones are dead letters.",
    "state",
  );
  const approvals = gauge(
    "agent_runtime_approvals_pending",
    "Calls of tools that wait for a person's decision.",
  );
  const lag = gauge(
    "agent_runtime_event_loop_lag_seconds",
    "The longest the event loop stood still in the last seconds.",
  );
  const memory = gauge("process_resident_memory_bytes", "Resident memory.");
  const channelUp = gauge(
    "agent_runtime_channel_up",
    "1 while a channel is connected and heard from, else 0.",
    "connector",
    "account",
  );
  const channelSilence = gauge(
    "agent_runtime_channel_last_poll_age_seconds",
    "How long ago a channel was last heard from; missing before the first time.",
    "connector",
    "account",
  );
  gauge("agent_runtime_info", "Always 1.", "version").set({ version }, 1);

  return {
    registry,
    accepted,
    messages,
    deliveries,
    jobs,
    approvals,
    ...modelGauges(gauge),
    lag,
    memory,
    channelUp,
    channelSilence,
  };
}

function gaugesIn(registry: Registry) {
  return <Label extends string = never>(
    name: string,
    help: string,
    ...labelNames: readonly Label[]
  ) => new Gauge<Label>({ name, help, labelNames, registers: [registry] });
}

function modelGauges(gauge: ReturnType<typeof gaugesIn>) {
  const spend = gauge(
    "agent_runtime_spend_today_usd",
    "Dollars for calls of models today, in UTC: spent, and put aside for calls under way.",
    "state",
  );
  const calls = gauge(
    "agent_runtime_model_calls_today",
    "Calls of models today, in UTC: the dearest models.",
    "model",
  );
  const tokens = gauge(
    "agent_runtime_model_tokens_today",
    "Tokens of those calls: read and written.",
    "model",
    "direction",
  );
  return { spend, calls, tokens };
}
