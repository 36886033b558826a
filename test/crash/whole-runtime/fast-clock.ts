import { type Clock, systemClock } from "../../../src/core/clock.ts";

export interface FastClock extends Clock {
  /** Moves the wall clock alone, as an operator or NTP would. */
  jump(durationMs: number): void;
}

/**
 * The system clock at `speed` times its pace, so that waits and back-offs of seconds take their part of it. Processes
 * that share `epochMs` agree on the time, also one after another.
 */
export function createFastClock(speed: number, epochMs: number): FastClock {
  let jumpedMs = 0;
  return {
    now: () => Math.round(epochMs + (systemClock.now() - epochMs) * speed) + jumpedMs,
    monotonicMs: () => systemClock.monotonicMs() * speed,
    sleep: (durationMs, signal) => systemClock.sleep(durationMs / speed, signal),
    jump(durationMs) {
      jumpedMs += durationMs;
    },
  };
}
