import type { Clock } from "../core/clock.ts";

/** The two clocks part by more when the machine slept, or one was set. */
const JUMP_MS = 2_000;

/**
 * For how long this process has listened to people since it last may have missed what they sent: its start, or a sleep of
 * the machine. Less than 0 after a sleep: what waited for news then learns only after `deafAfterSleepMs` that nothing comes.
 */
export function measureListening(clock: Clock, deafAfterSleepMs: number): () => number {
  const aheadBy = () => clock.now() - clock.monotonicMs();
  let aheadMs = aheadBy();
  let sinceMs = clock.monotonicMs();
  return () => {
    const beforeMs = aheadMs;
    aheadMs = aheadBy();
    const jumpMs = aheadMs - beforeMs;
    if (jumpMs > JUMP_MS) sinceMs = clock.monotonicMs() + deafAfterSleepMs;
    return clock.monotonicMs() - sinceMs;
  };
}
