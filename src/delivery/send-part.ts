import { OVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { OutboundSend, SendResult } from "../core/delivery/outbound-part.ts";
import { describeError } from "../core/errors.ts";
import type { ChannelSender } from "./ports.ts";

/** A send that has begun is let finish on shutdown for this long: cutting it off would leave it in doubt. */
const GRACE_MS = 3_000;

/** Sends one part, as plain text when the platform cannot take its format. Never throws. */
export async function sendPart(
  clock: Clock,
  sender: ChannelSender,
  message: Omit<OutboundSend, "format">,
  signal: AbortSignal,
): Promise<SendResult> {
  const formatted = await send({ ...message, format: "formatted" });
  if (formatted.kind !== "bad_format") return formatted;
  return send({ ...message, format: "plain" });

  async function send(outbound: OutboundSend): Promise<SendResult> {
    try {
      return await withGrace(clock, signal, (limit) => sender.send(outbound, limit));
    } catch (error) {
      // Nobody knows how far it came.
      return { kind: "uncertain", error: describeError(error) };
    }
  }
}

/** Runs `work` with a signal that aborts `GRACE_MS` after `signal` does. */
async function withGrace<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const limit = new AbortController();
  const begin = () => {
    clock.sleep(GRACE_MS, done.signal).then(
      () => limit.abort(signal.reason),
      () => undefined,
    );
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  try {
    return await work(limit.signal);
  } finally {
    signal.removeEventListener("abort", begin);
    done.abort(OVER);
  }
}
