import { type Clock, systemClock } from "../../../src/core/clock.ts";

/** A busy runtime tells of hundreds of changes a second; nobody reads as fast. */
const LEAST_GAP_MS = 200;

/**
 * Runs `read` for many requests as few times as is true: at once after a pause, one at a time, and once more for what
 * was asked meanwhile or a moment later.
 */
export function createRereader(
  read: (signal: AbortSignal) => Promise<void>,
  clock: Clock = systemClock,
): (signal: AbortSignal) => Promise<void> {
  let begunAtMs = Number.NEGATIVE_INFINITY;
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function begin(signal: AbortSignal): Promise<void> {
    begunAtMs = clock.monotonicMs();
    const run = read(signal).finally(() => {
      if (current === run) current = undefined;
    });
    current = run;
    return run;
  }

  function gapMs(): number {
    return begunAtMs + LEAST_GAP_MS - clock.monotonicMs();
  }

  async function beginLater(signal: AbortSignal): Promise<void> {
    try {
      await current?.catch(() => undefined);
      const waitMs = gapMs();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    } finally {
      next = undefined;
    }
    await begin(signal);
  }

  return (signal) => {
    if (next !== undefined) return next;
    if (current === undefined && gapMs() <= 0) return begin(signal);
    next = beginLater(signal);
    return next;
  };
}
