import { type EpochMs, toIso } from "../../core/clock.ts";
import { type AuditHead, formatHead, parseHead } from "./chain.ts";

/** A head as it was noted outside the database, and when. */
export interface AnchorLine {
  readonly at: string;
  readonly head: AuditHead;
}

export function formatAnchorLine(now: EpochMs, head: AuditHead): string {
  return `${toIso(now)} ${formatHead(head)}`;
}

export function parseAnchorLine(line: string): AnchorLine | undefined {
  const [at = "", text = "", ...more] = line.split(" ");
  const head = parseHead(text);
  return head === undefined || more.length > 0 ? undefined : { at, head };
}

/** Whether a line without its end can be what a crash left of a sound one. */
export function isTornLine(text: string): boolean {
  return /^[\da-fTZ:. -]{1,110}$/.test(text);
}
