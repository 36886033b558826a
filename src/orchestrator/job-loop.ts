import { OVER } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { JobKind, JobPool } from "../core/job/job.ts";
import type { JobEngine } from "./engine.ts";
import type { ClaimedJob, JobHandler } from "./job-handler.ts";
import { type RunJobDeps, type RunningJob, runJob } from "./run-job.ts";

const AFTER_ERROR_MS = 1_000;
const CANCELLABLE: ReadonlySet<JobPool> = new Set(["files", "heavy"]);

interface JobLoopDeps extends RunJobDeps {
  readonly engine: JobEngine;
  readonly handlers: ReadonlyMap<JobKind, JobHandler>;
  readonly pool: JobPool;
  /** How many jobs of the pool run at a time. */
  readonly size: number;
  /** All jobs this process runs, of every pool. */
  readonly running: Map<string, RunningJob>;
  /** After each claim of jobs that can be cancelled: one may have been while it was being taken. */
  readonly onClaimed: () => Promise<void>;
}

/** Claims and runs the jobs of one pool until the signal aborts; settles when none of them runs any more. */
export async function runJobLoop(deps: JobLoopDeps, signal: AbortSignal): Promise<void> {
  const active = new Set<RunningJob>();
  const alarm = createAlarm();
  const unsubscribe = deps.store.changes.subscribe((changes) => {
    if (changes.some((change) => change.topic === "jobs")) alarm.ring();
  });
  while (!signal.aborted) {
    alarm.reset();
    const waitMs = await fill(deps, active, alarm.ring).catch((error: unknown) => {
      deps.log.write("error", "claiming jobs failed", { pool: deps.pool, error });
      return AFTER_ERROR_MS;
    });
    await alarm.wait(deps, waitMs, signal);
  }
  unsubscribe();
  for (const job of active) job.interrupt(signal.reason);
  await Promise.all([...active].map((job) => job.done));
}

/** Claims and starts until the pool is full or nothing is due; returns for how long nothing will be. */
async function fill(
  deps: JobLoopDeps,
  active: Set<RunningJob>,
  onEnd: () => void,
): Promise<number> {
  const { longestWaitMs } = deps.engine;
  for (;;) {
    const free = deps.size - active.size;
    if (free <= 0) return longestWaitMs;
    const jobs = await deps.engine.claim(deps.pool, free, deps.clock.now());
    for (const job of jobs) begin(deps, job, active, onEnd);
    if (jobs.length > 0 && CANCELLABLE.has(deps.pool)) await deps.onClaimed();
    if (jobs.length < free) break;
  }
  const dueAt = await deps.engine.nextDueAt(deps.pool);
  if (dueAt === undefined) return longestWaitMs;
  return Math.min(longestWaitMs, Math.max(1, dueAt - deps.clock.now()));
}

function begin(
  deps: JobLoopDeps,
  job: ClaimedJob,
  active: Set<RunningJob>,
  onEnd: () => void,
): void {
  const handler = deps.handlers.get(job.kind);
  const earlier = deps.running.get(job.id);
  const started = runJob(deps, earlier ? startAfter(earlier, handler) : handler, job);
  active.add(started);
  deps.running.set(job.id, started);
  void started.done.finally(() => {
    active.delete(started);
    if (deps.running.get(job.id) === started) deps.running.delete(job.id);
    onEnd();
  });
}

/** Its claim ran out here and was won again while its handler had not ended yet: the two must not overlap. */
function startAfter(earlier: RunningJob, handler: JobHandler | undefined): JobHandler | undefined {
  earlier.interrupt(new AppError("unavailable", "the claim ran out"));
  return (
    handler && {
      ...handler,
      async run(context) {
        await earlier.done;
        context.signal.throwIfAborted();
        await handler.run(context);
      },
    }
  );
}

/** Ends a wait early; a ring that comes before the wait is not lost. */
function createAlarm() {
  let isRung = false;
  let wake = new AbortController();
  return {
    ring() {
      if (isRung) return;
      isRung = true;
      wake.abort(OVER);
    },
    reset() {
      isRung = false;
      wake = new AbortController();
    },
    async wait(
      { clock }: Pick<RunJobDeps, "clock">,
      durationMs: number,
      signal: AbortSignal,
    ): Promise<void> {
      if (isRung) return;
      await clock.sleep(durationMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined);
    },
  };
}
