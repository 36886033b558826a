import { AppError } from "../core/errors.ts";
import type { JobKind, JobPool } from "../core/job/job.ts";
import type { Service } from "../core/service.ts";
import type { JobEngine } from "./engine.ts";
import type { AnyJobHandler, JobHandler } from "./job-handler.ts";
import { runJobLoop } from "./job-loop.ts";
import { keepClaims } from "./keep-claims.ts";
import type { RunJobDeps, RunningJob } from "./run-job.ts";

/** They share the line to the world, and a disk. */
const FILE_JOBS = 8;

export interface WorkerPoolDeps extends RunJobDeps {
  readonly engine: JobEngine;
  readonly handlers: readonly AnyJobHandler[];
  /** How many jobs of a pool run at a time; `outbound` as many as `light`, and eight of `files`. */
  readonly sizes: Readonly<Record<Exclude<JobPool, "outbound" | "files">, number>>;
}

/** Claims due jobs and runs them, a bounded number at a time; wakes on changes, and after the engine's longest wait whatever happens. */
export function createWorkerPool(deps: WorkerPoolDeps): Service {
  const { engine, store, clock, log } = deps;
  const handlers = new Map<JobKind, JobHandler>(
    deps.handlers.map((handler) => [handler.kind, handler as unknown as JobHandler]),
  );
  const running = new Map<string, RunningJob>();
  let stopping = new AbortController();
  let loops: Promise<void>[] = [];
  let unsubscribe = () => {};

  async function abortCancelled(): Promise<void> {
    for (const id of await engine.cancelled()) running.get(id)?.cancel();
  }

  return {
    name: "workers",
    async start() {
      stopping = new AbortController();
      const { signal } = stopping;
      const reclaimed = await engine.reclaim(clock.now());
      if (reclaimed > 0) {
        log.write("info", "took back jobs of a process that died", { jobs: reclaimed });
      }
      unsubscribe = store.changes.subscribe((changes) => {
        if (!changes.some((change) => change.topic === "cancels")) return;
        void abortCancelled().catch((error) =>
          log.write("warn", "reading cancelled jobs failed", { error }),
        );
      });
      const sizes = { ...deps.sizes, outbound: deps.sizes.light, files: FILE_JOBS };
      const pools = (["light", "outbound", "files", "heavy"] as const).map((pool) =>
        runJobLoop(
          { ...deps, handlers, pool, size: sizes[pool], running, onClaimed: abortCancelled },
          signal,
        ),
      );
      const { leaseMs } = engine;
      const keeping =
        leaseMs === undefined ? [] : [keepClaims({ ...deps, running, leaseMs }, signal)];
      loops = [...pools, ...keeping];
    },
    async stop() {
      stopping.abort(new AppError("unavailable", "the service is shutting down"));
      await Promise.all(loops);
      unsubscribe();
      loops = [];
    },
  };
}
