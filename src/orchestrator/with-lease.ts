import type { Clock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import type { JobEngine } from "./engine.ts";

const LEASE_MS = 30_000;

interface LeaseDeps {
  readonly engine: Pick<JobEngine, "takeLease" | "dropLease">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Runs `service` only while this process holds the lease `name`: for what must run once among all processes that share
 * a store. Stops it when the lease could not be prolonged for two thirds of its time by our own clock.
 */
export function withLease(deps: LeaseDeps, name: string, service: Service): Service {
  const { engine, clock, log } = deps;
  const token = newId("tok");
  let stopping = new AbortController();
  let holding: Promise<void> = Promise.resolve();
  let isRunning = false;
  let heldSinceMs = 0;

  async function take(signal: AbortSignal): Promise<void> {
    const askedMs = clock.monotonicMs();
    const isHeld = await engine.takeLease(name, token, LEASE_MS).catch((error: unknown) => {
      log.write("warn", "a lease could not be prolonged", { lease: name, error });
      return false;
    });
    if (isHeld) heldSinceMs = askedMs;
    const isOver = clock.monotonicMs() - heldSinceMs > (LEASE_MS * 2) / 3;
    if (isHeld && !isRunning) {
      isRunning = true;
      await service.start(signal);
    } else if (isRunning && isOver) {
      isRunning = false;
      await service.stop();
    }
  }

  async function hold(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(LEASE_MS / 3, signal).catch(() => undefined);
      if (!signal.aborted) await take(signal);
    }
  }

  return {
    name: service.name,
    async start(signal) {
      stopping = new AbortController();
      await take(signal);
      if (!isRunning) log.write("info", "another process holds this lease", { lease: name });
      holding = hold(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await holding;
      if (isRunning) await service.stop();
      isRunning = false;
      await engine
        .dropLease(name, token)
        .catch((error: unknown) =>
          log.write("warn", "a lease could not be given back", { lease: name, error }),
        );
    },
  };
}
