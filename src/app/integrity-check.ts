import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import type { Readiness } from "../http-api/ports.ts";
import { checkIntegrity } from "../store/sqlite/check-integrity.ts";

/** The first work after a start goes before. */
const CHECK_AFTER_MS = 2_000;

export interface IntegrityCheck extends Service {
  /** `readiness`, with a reason more when the store's file was found damaged. */
  addTo(readiness: Readiness): Readiness;
}

/** Looks over the store's file once, soon after the runtime is up and in a process of its own. */
export function createIntegrityCheck(file: string, clock: Clock, log: Log): IntegrityCheck {
  const stopping = new AbortController();
  let checking: Promise<void> = Promise.resolve();
  let damage: readonly string[] = [];

  async function check(): Promise<void> {
    try {
      await clock.sleep(CHECK_AFTER_MS, stopping.signal);
      damage = await checkIntegrity(file, stopping.signal);
      if (damage.length > 0) log.write("error", "the store's file is damaged", { damage });
    } catch (error) {
      if (!stopping.signal.aborted)
        log.write("error", "the store's file was not checked", { error });
    }
  }

  return {
    name: "integrity check",
    async start() {
      checking = check();
    },
    async stop() {
      stopping.abort();
      await checking;
    },
    addTo(readiness) {
      if (damage.length === 0) return readiness;
      const reason = `The store's file is damaged (${damage[0]}). Restore a backup.`;
      return { isReady: false, reasons: [...(readiness.isReady ? [] : readiness.reasons), reason] };
    },
  };
}
