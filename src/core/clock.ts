/** Milliseconds since 1970-01-01 UTC, an integer. */
export type EpochMs = number;

export interface Clock {
  /** The wall clock. It may jump; use it for what people and rows see, never to measure a duration. */
  now(): EpochMs;
  /** Milliseconds that only grow, from an arbitrary start: for durations, timeouts and leases held. */
  monotonicMs(): number;
  /** Settles after `durationMs`, or rejects with `signal.reason` as soon as it aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, durationMs);
      function onAbort(): void {
        clearTimeout(timer);
        reject(signal.reason);
      }
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};

/** `2026-11-21T03:55:20.000Z` */
export function toIso(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** `2026-11-21 03:55 UTC`, as people read it. */
export function toMinute(at: EpochMs): string {
  return `${toIso(at).slice(0, 16).replace("T", " ")} UTC`;
}

/** `Sat, 21 Nov 2026 03:55:20 +0000`, as the head of a mail has it. */
export function toMailDate(at: EpochMs): string {
  return new Date(at).toUTCString().replace("GMT", "+0000");
}
