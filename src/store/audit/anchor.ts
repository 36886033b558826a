import { appendFileSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import { toIso } from "../../core/clock.ts";
import { type AuditHead, formatHead } from "./chain.ts";

const ANCHOR_INTERVAL_MS = 1_000;

/** Writes the head of the chain to an append-only file outside the database, at most once a second. */
export interface Anchor {
  note(head: AuditHead): void;
  close(): Promise<void>;
}

export function createAnchor(
  file: string,
  clock: Clock,
  onError: (error: unknown) => void,
): Anchor {
  const closing = new AbortController();
  let noted: AuditHead | undefined;
  let writing: Promise<void> | undefined;

  async function writeSoon(): Promise<void> {
    await clock.sleep(ANCHOR_INTERVAL_MS, closing.signal).catch(() => undefined);
    writing = undefined;
    writeNow();
  }

  function writeNow(): void {
    if (noted === undefined) return;
    const line = `${toIso(clock.now())} ${formatHead(noted)}\n`;
    noted = undefined;
    try {
      appendFileSync(file, line, { mode: 0o600 });
    } catch (error) {
      onError(error);
    }
  }

  return {
    note(head) {
      noted = head;
      writing ??= writeSoon();
    },
    async close() {
      closing.abort();
      await writing;
      writeNow();
    },
  };
}
