import type { EpochMs } from "../clock.ts";
import type { JobKind } from "./job.ts";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10 * 60_000;

/** When to try again after failure number `attempt` (1 = first): doubling from 1 s to 10 min, plus up to 20 % by `random` (0..1). */
export function nextAttemptAt(now: EpochMs, attempt: number, random: number): EpochMs {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (Math.max(1, attempt) - 1));
  return now + Math.round(delayMs * (1 + 0.2 * random));
}

/** The same at 1, 8, 64 and 512 s, for what should be tried seldom, or can wait until whoever is away has come back. */
export function nextRareAttemptAt(now: EpochMs, attempt: number, random: number): EpochMs {
  return nextAttemptAt(now, 3 * attempt - 2, random);
}

/** A turn is waited for, so it is soon over; a background task outlives an outage of some minutes. */
export function retryJobAt(kind: JobKind, now: EpochMs, attempt: number, random: number): EpochMs {
  const next = kind === "run-task" ? nextRareAttemptAt : nextAttemptAt;
  return next(now, attempt, random);
}
