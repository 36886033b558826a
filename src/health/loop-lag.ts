import { type Clock, systemClock } from "../core/clock.ts";
import type { Service } from "../core/service.ts";

const WINDOW_MS = 5_000;
const TICK_MS = 50;

export interface LoopLag extends Service {
  /** The longest the event loop stood still within the last five to ten seconds, in ms; also one that has just ended. */
  recentMaxMs(): number;
}

/**
 * Watches whether this process gets to run at all: by real time, whatever `clock` says, which only tells for how long a
 * standstill is remembered. Node's own monitor forgets one that meets its start or its reset.
 */
export function createLoopLag(clock: Clock): LoopLag {
  let tickedAtMs = systemClock.monotonicMs();
  let currentMaxMs = 0;
  let previousMaxMs = 0;
  let stopped = new AbortController();
  let watching: Promise<unknown> = Promise.resolve();

  const sinceTickMs = (): number => Math.max(0, systemClock.monotonicMs() - tickedAtMs - TICK_MS);

  function note(): void {
    currentMaxMs = Math.max(currentMaxMs, sinceTickMs());
    tickedAtMs = systemClock.monotonicMs();
  }

  async function tick(signal: AbortSignal): Promise<void> {
    for (;;) {
      await systemClock.sleep(TICK_MS, signal);
      note();
    }
  }

  async function rotate(signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(WINDOW_MS, signal);
      note();
      previousMaxMs = currentMaxMs;
      currentMaxMs = 0;
    }
  }

  return {
    name: "loop-lag",
    recentMaxMs: () => Math.max(previousMaxMs, currentMaxMs, sinceTickMs()),
    async start() {
      stopped = new AbortController();
      tickedAtMs = systemClock.monotonicMs();
      watching = Promise.allSettled([tick(stopped.signal), rotate(stopped.signal)]);
    },
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}
