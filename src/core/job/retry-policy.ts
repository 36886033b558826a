import type { EpochMs } from "../clock.ts";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10 * 60_000;

/** When to try again after failure number `attempt` (1 = first): doubling from 1 s to 10 min, plus up to 20 % by `random` (0..1). */
export function nextAttemptAt(now: EpochMs, attempt: number, random: number): EpochMs {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (Math.max(1, attempt) - 1));
  return now + Math.round(delayMs * (1 + 0.2 * random));
}
