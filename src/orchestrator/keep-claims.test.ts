import { expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { AppError } from "../core/errors.ts";
import type { JobEngine } from "./engine.ts";
import { keepClaims } from "./keep-claims.ts";
import type { RunningJob } from "./run-job.ts";

const LEASE_MS = 60_000;

test.each([
  ["refuses", () => Promise.reject(new AppError("unavailable", "the store is away"))],
  ["does not answer", () => new Promise<never>(() => undefined)],
])(
  "lets go of what runs at two thirds of its lease when the store %s, not before",
  async (_how, fail) => {
    const clock = createFakeClock();
    const stopping = new AbortController();
    let isAway = false;
    let interruptedAtMs: number | undefined;
    const engine: Pick<JobEngine, "renew" | "reclaim" | "cancelled" | "longestWaitMs"> = {
      renew: async () => (isAway ? fail() : []),
      reclaim: async () => 0,
      cancelled: async () => [],
      longestWaitMs: 1_000,
    };
    const job = { id: "job_1", token: "tok_1" } as RunningJob["job"];
    const running: RunningJob = {
      job,
      done: new Promise(() => undefined),
      cancel: () => undefined,
      interrupt: () => {
        interruptedAtMs ??= clock.monotonicMs();
      },
    };
    const keeping = keepClaims(
      {
        clock,
        log: { write: () => undefined },
        engine: engine as JobEngine,
        running: new Map([[job.id, running]]),
        leaseMs: LEASE_MS,
      },
      stopping.signal,
    );
    const passSeconds = async (seconds: number) => {
      for (let n = 0; n < seconds; n += 1) {
        for (let turn = 0; turn < 5; turn += 1)
          await new Promise((resolve) => setImmediate(resolve));
        clock.advance(1_000);
      }
    };
    await passSeconds(200);
    expect(interruptedAtMs).toBeUndefined();
    isAway = true;
    const awaySinceMs = clock.monotonicMs();
    await passSeconds(60);
    expect(interruptedAtMs).toBeGreaterThan(awaySinceMs + LEASE_MS / 3 - 1_000);
    expect(interruptedAtMs).toBeLessThanOrEqual(awaySinceMs + (LEASE_MS * 2) / 3 + 1_000);
    stopping.abort();
    await keeping;
  },
);
