import type { Clock } from "../core/clock.ts";

/** The two clocks part by more when the machine slept, or one was set. */
const JUMP_MS = 2_000;

/** For how long this process has listened to people since it last may have missed what they sent: its start, or a sleep of the machine. */
export function measureListening(clock: Clock): () => number {
  const aheadBy = () => clock.now() - clock.monotonicMs();
  let aheadMs = aheadBy();
  let sinceMs = clock.monotonicMs();
  return () => {
    const beforeMs = aheadMs;
    aheadMs = aheadBy();
    if (Math.abs(aheadMs - beforeMs) > JUMP_MS) sinceMs = clock.monotonicMs();
    return clock.monotonicMs() - sinceMs;
  };
}
