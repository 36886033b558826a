import type { Clock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import type { JobEngine } from "./engine.ts";

const LEASE_MS = 30_000;
const RENEW_MS = LEASE_MS / 3;

interface LeaseDeps {
  readonly engine: Pick<JobEngine, "takeLease" | "dropLease">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Runs `service` only while this process holds the lease `name`: for what must run once in all processes that share a
 * store. Lets go of it when it has not been renewed for two thirds of its time by our own clock.
 */
export function withLease(deps: LeaseDeps, name: string, service: Service): Service {
  const { engine, clock, log } = deps;
  const token = newId("tok");
  let stopping = new AbortController();
  let holding: Promise<void> = Promise.resolve();
  let isRunning = false;

  async function take(): Promise<boolean> {
    return engine.takeLease(name, token, LEASE_MS).catch((error) => {
      log.write("warn", "a lease could not be renewed", { lease: name, error });
      return false;
    });
  }

  async function hold(isHeld: boolean): Promise<void> {
    const { signal } = stopping;
    let heldSinceMs = clock.monotonicMs();
    while (!signal.aborted) {
      await clock.sleep(RENEW_MS, signal).catch(() => undefined);
      if (signal.aborted) break;
      const askedMs = clock.monotonicMs();
      isHeld = await take();
      if (isHeld) heldSinceMs = askedMs;
      if (isHeld && !isRunning) await begin(signal);
      if (!isHeld && isRunning && clock.monotonicMs() - heldSinceMs > (LEASE_MS * 2) / 3) await end();
    }
  }

  async function begin(signal: AbortSignal): Promise<void> {
    isRunning = true;
    await service.start(signal);
  }

  async function end(): Promise<void> {
    isRunning = false;
    await service.stop();
  }

  return {
    name: service.name,
    async start(signal) {
      stopping = new AbortController();
      const isHeld = await take();
      if (isHeld) await begin(signal);
      else log.write("info", "another process holds this lease", { lease: name });
      holding = hold(isHeld);
    },
    async stop() {
      stopping.abort();
      await holding;
      if (isRunning) await end();
      await engine.dropLease(name, token).catch((error) => log.write("warn", "a lease could not be given back", { lease: name, error }));
    },
  };
}
