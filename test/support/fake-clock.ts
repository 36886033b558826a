import type { Clock, EpochMs } from "../../src/core/clock.ts";

export interface FakeClock extends Clock {
  /** Moves both clocks on and settles every sleep that falls due, in order. */
  advance(durationMs: number): void;
  /** Moves the wall clock alone, as an operator or NTP would. */
  jump(durationMs: number): void;
}

interface Sleeper {
  readonly dueMs: number;
  readonly resolve: () => void;
}

/** A clock that stands still until it is told to move. */
export function createFakeClock(startMs: EpochMs = Date.UTC(2026, 0, 15, 12)): FakeClock {
  let wallMs = startMs;
  let elapsedMs = 0;
  let sleepers: Sleeper[] = [];

  return {
    now: () => wallMs,
    monotonicMs: () => elapsedMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const sleeper: Sleeper = { dueMs: elapsedMs + durationMs, resolve };
        sleepers.push(sleeper);
        signal.addEventListener(
          "abort",
          () => {
            sleepers = sleepers.filter((other) => other !== sleeper);
            reject(signal.reason);
          },
          { once: true },
        );
      }),
    advance(durationMs) {
      wallMs += durationMs;
      elapsedMs += durationMs;
      const due = sleepers
        .filter((sleeper) => sleeper.dueMs <= elapsedMs)
        .sort((a, b) => a.dueMs - b.dueMs);
      sleepers = sleepers.filter((sleeper) => sleeper.dueMs > elapsedMs);
      for (const sleeper of due) sleeper.resolve();
    },
    jump(durationMs) {
      wallMs += durationMs;
    },
  };
}
