import { NEVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { answerWithin } from "./answer-within.ts";
import type { JobEngine } from "./engine.ts";

const LEASE_MS = 30_000;
const ROUND_MS = LEASE_MS / 3;
const SOON_MS = LEASE_MS / 12;
const LATEST_MS = (LEASE_MS * 2) / 3;
const LONGEST_BACKOFF_MS = 5 * 60_000;

interface LeaseDeps {
  readonly engine: Pick<JobEngine, "takeLease" | "dropLease">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Runs `service` only while this process holds the lease `name`: for what must run once among all processes that share
 * a store. Stops it when another one has the lease, or when it could not be prolonged for two thirds of its time by our
 * own clock. A service that cannot start when its turn comes gives the lease back, and is tried again later.
 */
export function withLease(deps: LeaseDeps, name: string, service: Service): Service {
  const { clock, log } = deps;
  const lease = createLease(deps, name);
  let stopping = new AbortController();
  let holding: Promise<void> = Promise.resolve();
  let isRunning = false;
  let failures = 0;

  async function begin(signal: AbortSignal): Promise<void> {
    try {
      await service.start(signal);
      isRunning = true;
      failures = 0;
    } catch (error) {
      failures += 1;
      await lease.drop();
      throw error;
    }
  }

  async function end(): Promise<void> {
    if (!isRunning) return;
    isRunning = false;
    await service.stop();
  }

  /** One look at the lease; returns how long until the next. */
  async function look(signal: AbortSignal): Promise<number> {
    const answer = await lease.ask(signal);
    if (answer === "ours" && !isRunning) {
      await begin(signal);
    } else if (answer === "another's" || lease.isOver()) {
      await end();
    }
    return answer === "no answer" && isRunning ? SOON_MS : ROUND_MS;
  }

  async function hold(signal: AbortSignal): Promise<void> {
    let waitMs = ROUND_MS;
    for (;;) {
      await clock.sleep(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      waitMs = await look(signal).catch((error: unknown) => {
        log.write("error", "what a lease is for failed", { lease: name, error });
        return Math.min(LONGEST_BACKOFF_MS, ROUND_MS * 2 ** Math.max(0, failures - 1));
      });
    }
  }

  return {
    name: service.name,
    async start(signal) {
      stopping = new AbortController();
      await look(signal);
      if (!isRunning) log.write("info", "another process holds this lease", { lease: name });
      holding = hold(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await holding;
      await end().finally(lease.drop);
    },
  };
}

/** The lease itself, under a token of its own. */
function createLease({ engine, clock, log }: LeaseDeps, name: string) {
  const token = newId("tok");
  let heldSinceMs = Number.NEGATIVE_INFINITY;

  return {
    /** Takes or prolongs it. Without an answer it may be held for as long as it was asked for. */
    async ask(signal: AbortSignal): Promise<"ours" | "another's" | "no answer"> {
      const askedMs = clock.monotonicMs();
      const leftMs = heldSinceMs + LATEST_MS - askedMs;
      const limitMs = leftMs > 0 ? Math.max(SOON_MS, leftMs) : ROUND_MS;
      try {
        const work = engine.takeLease(name, token, LEASE_MS);
        if (!(await answerWithin(clock, limitMs, signal, work))) return "another's";
        heldSinceMs = askedMs;
        return "ours";
      } catch (error) {
        if (!signal.aborted)
          log.write("warn", "a lease could not be prolonged", { lease: name, error });
        return "no answer";
      }
    },
    /** Somebody else may have it by now. */
    isOver: () => clock.monotonicMs() - heldSinceMs >= LATEST_MS,
    async drop(): Promise<void> {
      try {
        await answerWithin(clock, ROUND_MS, NEVER, engine.dropLease(name, token));
      } catch (error) {
        log.write("warn", "a lease could not be given back", { lease: name, error });
      }
    },
  };
}
