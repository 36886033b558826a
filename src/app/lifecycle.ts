import { NEVER, withTimeout } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";

const STOP_DEADLINE_MS = 10_000;

/** Starts services in order; when one cannot, stops those before it and rejects with its error. */
export async function startAll(
  deps: { readonly clock: Clock; readonly log: Log },
  services: readonly Service[],
  signal: AbortSignal,
): Promise<void> {
  for (const [index, service] of services.entries()) {
    try {
      await service.start(signal);
    } catch (error) {
      await stopAll(deps, services.slice(0, index));
      throw error;
    }
  }
}

/** Stops services in reverse order, each with a deadline. Never rejects: what hangs or fails is logged and left behind. */
export async function stopAll(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  services: readonly Service[],
): Promise<void> {
  for (const service of services.toReversed()) {
    try {
      await withTimeout(clock, STOP_DEADLINE_MS, NEVER, (signal) =>
        Promise.race([service.stop(), rejectOnAbort(signal)]),
      );
    } catch (error) {
      log.write("error", "a service did not stop", { service: service.name, error });
    }
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
