import type { AuditRow } from "../effects/compile-commit.ts";
import { type AuditHead, chainHash, EMPTY_HEAD } from "./chain.ts";

export interface AuditReport {
  readonly head: AuditHead;
  /** Rows whose hash was checked. */
  readonly checked: number;
  /** What is wrong, in order; empty when the record is whole. */
  readonly problems: readonly string[];
}

/** A head that was noted outside the database, and by whom. */
export interface AnchoredHead {
  readonly head: AuditHead;
  readonly source: string;
}

/** Checks a chain from its first row to its last, as somebody reads it. */
export interface AuditWalk {
  /** The next row; `seq` is its place in the chain. */
  take(row: AuditRow & AuditHead): void;
  readonly head: AuditHead;
  /** After the last row. */
  report(): AuditReport;
}

export function createAuditWalk(key: Buffer, anchors: readonly AnchoredHead[]): AuditWalk {
  const anchorsAt = Map.groupBy(anchors, (anchor) => anchor.head.seq);
  const problems: string[] = [];
  let head: AuditHead = EMPTY_HEAD;
  let checked = 0;
  return {
    take(row) {
      problems.push(...problemsOfRow(key, head, row, anchorsAt.get(row.seq) ?? []));
      head = { seq: row.seq, hash: row.hash };
      checked += 1;
    },
    get head() {
      return head;
    },
    report: () => ({ head, checked, problems: [...problems, ...problemsOfEnd(head, anchors)] }),
  };
}

function problemsOfRow(
  key: Buffer,
  before: AuditHead,
  row: AuditRow & AuditHead,
  anchors: readonly AnchoredHead[],
): readonly string[] {
  if (row.seq !== before.seq + 1) {
    return [`rows ${before.seq + 1} to ${row.seq - 1} are missing`];
  }
  const isWhole = row.hash === chainHash(key, before, row);
  return [
    ...(isWhole
      ? []
      : [`row ${row.seq} (${row.name}) was changed, or a row before it was replaced`]),
    ...anchors
      .filter((anchor) => anchor.head.hash !== row.hash)
      .map((anchor) => `row ${row.seq} is not the one that ${anchor.source} recorded`),
  ];
}

function problemsOfEnd(end: AuditHead, anchors: readonly AnchoredHead[]): readonly string[] {
  const furthest = anchors.toSorted((a, b) => b.head.seq - a.head.seq)[0];
  if (furthest === undefined || furthest.head.seq <= end.seq) return [];
  return [
    `the record ends at row ${end.seq}, but ${furthest.source} knew row ${furthest.head.seq}: the end was cut off`,
  ];
}
