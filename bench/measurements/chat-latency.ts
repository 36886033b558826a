import type { Finding, Measurement } from "../measurement.ts";
import { openTelegramRuntime } from "../processes/telegram-runtime.ts";
import { median, percentile, round } from "../statistics.ts";

const CHATS = 1_000;
const PER_SECOND = 200;
/** Every chat speaks once before it is counted. */
const WARM_UP = CHATS;
const MESSAGES = 4_000;
const LOAD = { kind: "at a pace", perSecond: PER_SECOND, chats: CHATS } as const;

export const chatLatency: Measurement = {
  title: "Thousand chats",
  method:
    `${PER_SECOND} /help a second, in turn from ${CHATS} chats that each spoke before. Timed at the Bot API server, for each message from the answer that brought it: ` +
    "to the poll that confirmed it, which the runtime sends only after its commit, and to its reply.",
  async run(place) {
    const { api, stop } = await openTelegramRuntime(place);
    try {
      await api.ask({ ...LOAD, messages: WARM_UP });
      const { confirmedAfterMs, repliedAfterReceiptMs, durationMs } = await api.ask({
        ...LOAD,
        messages: MESSAGES,
      });
      const perSecond = round((MESSAGES * 1_000) / durationMs, 0);
      return [
        finding("receive to commit", confirmedAfterMs, perSecond),
        finding("receive to reply", repliedAfterReceiptMs, perSecond),
      ];
    } finally {
      await stop();
    }
  },
};

function finding(what: string, tookMs: readonly number[], perSecond: number): Finding {
  return {
    name: `${CHATS.toLocaleString("en")} chats, ${PER_SECOND} messages a second: ${what}, p99`,
    value: round(percentile(tookMs, 0.99), 1),
    unit: "ms",
    details: {
      messages: tookMs.length,
      answeredPerSecond: perSecond,
      p50Ms: round(median(tookMs), 1),
      maxMs: round(Math.max(...tookMs), 1),
    },
  };
}
