import { AppError } from "../core/errors.ts";
import { answerWithin } from "./answer-within.ts";
import type { JobEngine } from "./engine.ts";
import type { RunJobDeps, RunningJob } from "./run-job.ts";

interface KeepClaimsDeps extends Pick<RunJobDeps, "clock" | "log"> {
  readonly engine: JobEngine;
  readonly running: ReadonlyMap<string, RunningJob>;
  readonly leaseMs: number;
}

/**
 * Where many processes share the queue: keeps the claims of running jobs, takes back those of dead nodes, and hears of
 * cancels even when no notice of them arrived. Settles when `signal` aborts.
 */
export async function keepClaims(deps: KeepClaimsDeps, signal: AbortSignal): Promise<void> {
  await Promise.all([keepProlonging(deps, signal), keepCancelling(deps, signal)]);
}

/**
 * Prolongs claims at a third of their time, and lets go of everything at two thirds by our own clock while the store
 * refuses or does not answer.
 */
async function keepProlonging(deps: KeepClaimsDeps, signal: AbortSignal): Promise<void> {
  const { clock, log, leaseMs } = deps;
  const latestMs = (leaseMs * 2) / 3;
  const soonMs = leaseMs / 12;
  let heldSinceMs = clock.monotonicMs();
  let waitMs = leaseMs / 3;
  for (;;) {
    await clock.sleep(waitMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    const askedMs = clock.monotonicMs();
    const limitMs = Math.max(soonMs, heldSinceMs + latestMs - askedMs);
    try {
      await answerWithin(clock, limitMs, signal, prolong(deps));
      heldSinceMs = askedMs;
      waitMs = leaseMs / 3;
    } catch (error) {
      if (signal.aborted) return;
      log.write("warn", "prolonging claims failed", { error });
      waitMs = soonMs;
      if (clock.monotonicMs() - heldSinceMs >= latestMs) letGo(deps.running.values());
    }
  }
}

/** First what runs here is prolonged, so that what is taken back after it is never our own. */
async function prolong({ engine, running, clock }: KeepClaimsDeps): Promise<void> {
  const lost = await engine.renew([...running.values()].map((one) => one.job));
  letGo(lost.flatMap((job) => findRun(running, job) ?? []));
  await engine.reclaim(clock.now());
}

/** The run under exactly this claim: the job may have been won again meanwhile. */
function findRun(
  running: ReadonlyMap<string, RunningJob>,
  job: { readonly id: string; readonly token: string },
): RunningJob | undefined {
  const run = running.get(job.id);
  return run?.job.token === job.token ? run : undefined;
}

function letGo(jobs: Iterable<RunningJob>): void {
  for (const job of jobs) job.interrupt(new AppError("unavailable", "the claim ran out"));
}

async function keepCancelling(
  { engine, running, clock }: KeepClaimsDeps,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(engine.longestWaitMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    // The loops that claim jobs tell that the store is away.
    const cancelled = await engine.cancelled().catch(() => []);
    for (const id of cancelled) running.get(id)?.cancel();
  }
}
