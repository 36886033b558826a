import { Counter, Gauge, Registry } from "prom-client";

/** The gauges of `/metrics`. In a file of its own, so that the library is loaded when somebody first asks. */
export function createGauges(version: string) {
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
  const approvals = new Gauge({
    name: "agent_runtime_approvals_pending",
    help: "Calls of tools that wait for a person's decision.",
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
  const channel = { labelNames: ["connector", "account"] as const, ...register };
  const channelUp = new Gauge({
    name: "agent_runtime_channel_up",
    help: "1 while a channel is connected and heard from, else 0.",
    ...channel,
  });
  const channelSilence = new Gauge({
    name: "agent_runtime_channel_last_poll_age_seconds",
    help: "How long ago a channel was last heard from; missing before the first time.",
    ...channel,
  });
  new Gauge({
    name: "agent_runtime_info",
    help: "Always 1.",
    labelNames: ["version"],
    ...register,
  }).set({ version: version }, 1);

  return {
    registry,
    accepted,
    messages,
    deliveries,
    jobs,
    approvals,
    lag,
    memory,
    channelUp,
    channelSilence,
  };
}
