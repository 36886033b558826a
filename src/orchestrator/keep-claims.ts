import { AppError } from "../core/errors.ts";
import type { JobEngine } from "./engine.ts";
import type { RunJobDeps, RunningJob } from "./run-job.ts";

interface KeepClaimsDeps extends Pick<RunJobDeps, "clock" | "log"> {
  readonly engine: JobEngine;
  readonly running: ReadonlyMap<string, RunningJob>;
  readonly leaseMs: number;
}

/**
 * Where claims run out: prolongs them at a third of their time, takes back those of dead nodes, and lets go of
 * everything at two thirds by our own clock when the store cannot be reached.
 */
export async function keepClaims(deps: KeepClaimsDeps, signal: AbortSignal): Promise<void> {
  let heldSinceMs = deps.clock.monotonicMs();
  for (;;) {
    await deps.clock.sleep(deps.leaseMs / 3, signal).catch(() => undefined);
    if (signal.aborted) return;
    const askedMs = deps.clock.monotonicMs();
    try {
      await prolong(deps);
      heldSinceMs = askedMs;
    } catch (error) {
      deps.log.write("warn", "prolonging claims failed", { error });
      const isTooLong = deps.clock.monotonicMs() - heldSinceMs >= (deps.leaseMs * 2) / 3;
      if (isTooLong) letGo(deps.running.values());
    }
  }
}

async function prolong({ engine, running, clock }: KeepClaimsDeps): Promise<void> {
  const lost = await engine.renew([...running.values()].map((one) => one.job));
  letGo(lost.flatMap((job) => running.get(job.id) ?? []));
  await engine.reclaim(clock.now());
}

function letGo(jobs: Iterable<RunningJob>): void {
  for (const job of jobs) job.interrupt(new AppError("unavailable", "the claim ran out"));
}
