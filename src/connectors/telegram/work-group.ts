import type { Log } from "../../core/log.ts";

/** Work that runs beside the rest, each until it ends or its signal aborts. */
export interface WorkGroup {
  /** Once `signal` has aborted, a rejection is the stop itself; before, it is logged. */
  run(work: Promise<void>, signal: AbortSignal): void;
  /** Settles when nothing runs any more. Never rejects. */
  settled(): Promise<void>;
}

export function createWorkGroup(log: Log): WorkGroup {
  const running = new Set<Promise<void>>();
  return {
    run(work, signal) {
      const guarded = work
        .catch((error: unknown) => {
          if (!signal.aborted)
            log.write("error", "telegram work failed", { connector: "telegram", error });
        })
        .finally(() => running.delete(guarded));
      running.add(guarded);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
