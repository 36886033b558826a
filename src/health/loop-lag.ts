import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../core/clock.ts";
import type { Service } from "../core/service.ts";

const WINDOW_MS = 5_000;
const NS_PER_MS = 1_000_000;
const RESOLUTION_MS = 20;

export interface LoopLag extends Service {
  /** The longest the event loop stood still within the last five to ten seconds, in ms. */
  recentMaxMs(): number;
}

/** Watches whether this process gets to run at all. */
export function createLoopLag(clock: Clock): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let previousMaxMs = 0;
  let stopped = new AbortController();
  let rotation: Promise<void> = Promise.resolve();

  const currentMaxMs = (): number => Math.max(0, histogram.max / NS_PER_MS - RESOLUTION_MS);

  async function rotate(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isOver = await clock.sleep(WINDOW_MS, signal).then(
        () => true,
        () => false,
      );
      if (!isOver) return;
      // A standstill that ends just now is measured by a timer of its own, which may come after this one.
      await new Promise((resolve) => setImmediate(resolve));
      previousMaxMs = currentMaxMs();
      histogram.reset();
    }
  }

  return {
    name: "loop-lag",
    recentMaxMs: () => Math.max(previousMaxMs, currentMaxMs()),
    async start() {
      stopped = new AbortController();
      histogram.enable();
      rotation = rotate(stopped.signal);
    },
    async stop() {
      stopped.abort();
      histogram.disable();
      await rotation;
    },
  };
}
