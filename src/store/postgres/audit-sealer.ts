import { createSecretKey } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { Service } from "../../core/service.ts";
import { createAnchor } from "../audit/anchor.ts";
import type { PostgresStore } from "./postgres-store.ts";
import { ROWS_A_PASS, sealAudit } from "./seal-audit.ts";

const INTERVAL_MS = 1_000;

/**
 * Chains the rows of the record within about a second after their commit, and notes the head outside the database. Run
 * it in one process at a time, under a lease; a second one would only wait for the first.
 */
export function createAuditSealer(options: {
  readonly store: PostgresStore;
  readonly clock: Clock;
  /** 32 bytes that never enter the database; every process that may seal holds the same. */
  readonly auditKey: Buffer;
  readonly anchorFile: string;
  readonly onError: (error: unknown) => void;
}): Service {
  const { store, clock, anchorFile, onError } = options;
  const key = createSecretKey(options.auditKey);
  let stopping = new AbortController();
  let sealing: Promise<void> = Promise.resolve();

  async function keepSealing(signal: AbortSignal): Promise<void> {
    const anchor = createAnchor(anchorFile, clock, onError);
    anchor.begin();
    while (!signal.aborted) {
      const sealed = await pass(anchor.note).catch((error: unknown) => {
        onError(error);
        return 0;
      });
      if (sealed < ROWS_A_PASS) await clock.sleep(INTERVAL_MS, signal).catch(() => undefined);
    }
    await anchor.close();
  }

  async function pass(note: ReturnType<typeof createAnchor>["note"]): Promise<number> {
    const { sealed, head } = await sealAudit(store, key);
    if (sealed > 0) note(head);
    return sealed;
  }

  return {
    name: "audit-sealer",
    async start() {
      stopping = new AbortController();
      sealing = keepSealing(stopping.signal);
    },
    async stop() {
      stopping.abort();
      await sealing;
    },
  };
}
