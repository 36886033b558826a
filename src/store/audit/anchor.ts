import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import type { Clock } from "../../core/clock.ts";
import { formatAnchorLine, isTornLine } from "./anchor-line.ts";
import { type AuditHead, EMPTY_HEAD } from "./chain.ts";

const ANCHOR_INTERVAL_MS = 1_000;
/** Longer than any line. */
const END_BYTES = 256;

/** Writes the head of the chain to an append-only file outside the database, at most once a second. */
export interface Anchor {
  /** Before the first row of a record: makes the file, so that one that is not there was taken away. */
  begin(): void;
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
    const line = `${formatAnchorLine(clock.now(), noted)}\n`;
    noted = undefined;
    attempt(() => {
      mendEnd(file);
      appendFileSync(file, line, { mode: 0o600 });
    });
  }

  function attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      onError(error);
    }
  }

  return {
    begin() {
      attempt(() => {
        if (!existsSync(file)) writeSynced(file, `${formatAnchorLine(clock.now(), EMPTY_HEAD)}\n`);
      });
    },
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

function writeSynced(file: string, text: string): void {
  const handle = openSync(file, "a", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Half a line that a crash or a full disk left goes. What is no such thing is ended instead, so that it shows. */
function mendEnd(file: string): void {
  if (!existsSync(file)) return;
  const handle = openSync(file, "r+");
  try {
    const { size } = fstatSync(handle);
    const end = Buffer.alloc(Math.min(size, END_BYTES));
    readSync(handle, end, 0, end.length, size - end.length);
    const last = end.subarray(end.lastIndexOf("\n") + 1);
    if (last.length === 0) return;
    if (isTornLine(last.toString())) ftruncateSync(handle, size - last.length);
    else writeSync(handle, "\n", size);
  } finally {
    closeSync(handle);
  }
}
