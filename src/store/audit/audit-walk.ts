import type { AuditRow } from "../effects/compile-commit.ts";
import { type AuditHead, chainHash, EMPTY_HEAD } from "./chain.ts";

export interface AuditReport {
  readonly head: AuditHead;
  /** Rows whose hash was checked. */
  readonly checked: number;
  /** What is wrong, the first `MAX_TOLD` of it; empty when the record is whole. */
  readonly problems: readonly string[];
  /** How much is wrong altogether. */
  readonly problemCount: number;
}

const MAX_TOLD = 20;

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
  /** How many rows it took. */
  readonly checked: number;
  /** After the last row; `others` is what was found beside the chain. */
  report(others: readonly string[]): AuditReport;
}

export function createAuditWalk(key: Buffer, anchors: readonly AnchoredHead[]): AuditWalk {
  const anchorsAt = Map.groupBy(anchors, (anchor) => anchor.head.seq);
  const ofRows: string[] = [];
  let countOfRows = 0;
  let head: AuditHead = EMPTY_HEAD;
  let checked = 0;
  return {
    take(row) {
      for (const problem of problemsOfRow(key, head, row, anchorsAt.get(row.seq) ?? [])) {
        countOfRows += 1;
        if (ofRows.length < MAX_TOLD) ofRows.push(problem);
      }
      head = { seq: row.seq, hash: row.hash };
      checked += 1;
    },
    get head() {
      return head;
    },
    get checked() {
      return checked;
    },
    report(others) {
      // Few, and about the whole: many broken rows must not hide them.
      const ofRecord = [...others, ...problemsOfEnd(head, anchors)];
      return {
        head,
        checked,
        problems: [...ofRecord, ...ofRows].slice(0, MAX_TOLD),
        problemCount: ofRecord.length + countOfRows,
      };
    },
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
