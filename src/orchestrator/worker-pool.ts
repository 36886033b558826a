import { AppError } from "../core/errors.ts";
import type { JobKind, JobPool } from "../core/job/job.ts";
import type { Service } from "../core/service.ts";
import type { JobEngine } from "./engine.ts";
import type { JobHandler } from "./job-handler.ts";
import { type RunJobDeps, type RunningJob, runJob } from "./run-job.ts";

const LONGEST_WAIT_MS = 30_000;
const AFTER_ERROR_MS = 1_000;

export interface WorkerPoolDeps extends RunJobDeps {
  readonly engine: JobEngine;
  readonly handlers: readonly JobHandler<never>[];
  /** How many jobs of each pool run at a time. */
  readonly sizes: Readonly<Record<JobPool, number>>;
}

/** Claims due jobs and runs them, a bounded number at a time; wakes on changes, and once in 30 s whatever happens. */
export function createWorkerPool(deps: WorkerPoolDeps): Service {
  const { engine, store, clock, log } = deps;
  const handlers = new Map<JobKind, JobHandler>(deps.handlers.map((handler) => [handler.kind, handler as unknown as JobHandler]));
  const running = new Map<string, RunningJob>();
  let stopping = new AbortController();
  let loops: Promise<void>[] = [];
  let unsubscribe = () => {};

  /** Claims and starts until the pool is full or nothing is due; says how long nothing will be. */
  async function fill(pool: JobPool, active: Set<RunningJob>, onEnd: () => void): Promise<number> {
    for (;;) {
      const free = deps.sizes[pool] - active.size;
      if (free <= 0) return LONGEST_WAIT_MS;
      const jobs = await engine.claim(pool, free, clock.now());
      for (const job of jobs) {
        const started = runJob(deps, handlers.get(job.kind), job);
        active.add(started);
        running.set(job.id, started);
        void started.done.finally(() => {
          active.delete(started);
          running.delete(job.id);
          onEnd();
        });
        if (stopping.signal.aborted) started.interrupt(shuttingDown());
      }
      if (jobs.length > 0) await abortCancelled();
      if (jobs.length < free) break;
    }
    const dueAt = await engine.nextDueAt(pool);
    if (dueAt === undefined) return LONGEST_WAIT_MS;
    return Math.min(LONGEST_WAIT_MS, Math.max(1, dueAt - clock.now()));
  }

  async function loop(pool: JobPool): Promise<void> {
    const { signal } = stopping;
    const active = new Set<RunningJob>();
    let isDirty = true;
    let wake = new AbortController();
    const rouse = () => {
      isDirty = true;
      wake.abort();
    };
    const off = store.changes.subscribe((changes) => {
      if (changes.some((change) => change.topic === "jobs")) rouse();
    });
    while (!signal.aborted) {
      isDirty = false;
      wake = new AbortController();
      const waitMs = await fill(pool, active, rouse).catch((error) => {
        log.write("error", "claiming jobs failed", { pool, error });
        return AFTER_ERROR_MS;
      });
      if (!isDirty) await clock.sleep(waitMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined);
    }
    off();
    for (const job of active) job.interrupt(shuttingDown());
    await Promise.all([...active].map((job) => job.done));
  }

  async function abortCancelled(): Promise<void> {
    for (const id of await engine.cancelled()) running.get(id)?.cancel();
  }

  /** Where claims can run out: prolongs them at a third, and lets go of everything at two thirds by our own clock. */
  async function keepLeases(leaseMs: number): Promise<void> {
    const { signal } = stopping;
    let renewedMs = clock.monotonicMs();
    while (!signal.aborted) {
      await clock.sleep(leaseMs / 3, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const askedMs = clock.monotonicMs();
        const lost = await engine.renew([...running.values()].map((one) => one.job));
        renewedMs = askedMs;
        for (const job of lost) running.get(job.id)?.interrupt(new AppError("unavailable", "the lease of this job ran out"));
        await engine.reclaim(clock.now());
      } catch (error) {
        log.write("warn", "prolonging leases failed", { error });
        if (clock.monotonicMs() - renewedMs < (leaseMs * 2) / 3) continue;
        for (const one of running.values()) one.interrupt(new AppError("unavailable", "leases could not be prolonged"));
      }
    }
  }

  return {
    name: "workers",
    async start() {
      stopping = new AbortController();
      const reclaimed = await engine.reclaim(clock.now());
      if (reclaimed > 0) log.write("info", "took back jobs of a process that died", { jobs: reclaimed });
      unsubscribe = store.changes.subscribe((changes) => {
        if (changes.some((change) => change.topic === "cancels")) {
          void abortCancelled().catch((error) => log.write("warn", "reading cancelled jobs failed", { error }));
        }
      });
      loops = [loop("light"), loop("heavy"), ...(engine.leaseMs === undefined ? [] : [keepLeases(engine.leaseMs)])];
    },
    async stop() {
      stopping.abort(shuttingDown());
      await Promise.all(loops);
      unsubscribe();
      loops = [];
    },
  };
}

function shuttingDown(): AppError {
  return new AppError("unavailable", "the service is shutting down");
}
