import type { Measurement } from "../measurement.ts";
import { openTelegramRuntime } from "../processes/telegram-runtime.ts";
import { median, percentile, round } from "../statistics.ts";

const PER_SECOND = 100;
const WARM_UP = 300;
const MESSAGES = 1_500;
const LOAD = { kind: "at a pace", perSecond: PER_SECOND, chats: PER_SECOND } as const;

export const receiveToCommit: Measurement = {
  title: "Receive to commit",
  method:
    `${PER_SECOND} /help a second, each answered. Timed at the Bot API server, for each message: from the answer that brought it to the poll that confirmed it, ` +
    "which the runtime sends only after its commit. So it holds two trips over the loopback besides.",
  async run(place) {
    const { api, runtime, stop } = await openTelegramRuntime(place);
    try {
      await api.ask({ ...LOAD, messages: WARM_UP });
      const { confirmedAfterMs, repliedAfterMs } = await api.ask({ ...LOAD, messages: MESSAGES });
      const lagMs = (await runtime.readMetric("agent_runtime_event_loop_lag_seconds")) * 1_000;
      return [
        {
          name: `Receive to commit, p99 at ${PER_SECOND} messages a second`,
          value: round(percentile(confirmedAfterMs, 0.99), 1),
          unit: "ms",
          aim: { kind: "under", value: 10 },
          ifMissed:
            "Each commit waits for the disk on the one thread; where a sync takes milliseconds, or others take the cores, the tail shows it.",
          details: {
            messages: confirmedAfterMs.length,
            p50Ms: round(median(confirmedAfterMs), 1),
            maxMs: round(Math.max(...confirmedAfterMs), 1),
          },
        },
        {
          name: "Said to replied, p99 at that pace",
          value: round(percentile(repliedAfterMs, 0.99), 1),
          unit: "ms",
          details: { p50Ms: round(median(repliedAfterMs), 1) },
        },
        {
          name: "Longest stop of the event loop at that pace",
          value: round(lagMs, 1),
          unit: "ms",
          details: { source: "agent_runtime_event_loop_lag_seconds, the last five to ten seconds" },
        },
      ];
    } finally {
      await stop();
    }
  },
};
