import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { AuditRow } from "../effects/compile-commit.ts";
import { auditAfter } from "../queries/audit.ts";
import { lastAudit } from "../queries/bookkeeping.ts";
import { type Connection, openConnection, toStoreError } from "../sqlite/connection.ts";
import { openAuditKey } from "./audit-key.ts";
import { type AuditHead, chainHash, EMPTY_HEAD, parseHead } from "./chain.ts";

const ROWS_A_READ = 1_000;

export interface AuditReport {
  readonly head: AuditHead;
  /** Rows whose hash was checked. */
  readonly checked: number;
  /** What is wrong, in order; empty when the record is whole. */
  readonly problems: readonly string[];
}

interface AuditFiles {
  readonly dbPath: string;
  readonly dataDir: string;
}

export const anchorFileOf = (dataDir: string): string => join(dataDir, "audit.anchor");

/** Where the chain ends now. Reads only; works beside a running service. */
export function readAuditHead({ dbPath }: Pick<AuditFiles, "dbPath">): AuditHead {
  return withReader(dbPath, (connection) => connection.get(lastAudit, {}) ?? EMPTY_HEAD);
}

/**
 * Walks the whole chain offline: finds a changed row, a missing one, and an end that was cut off after it had been
 * anchored or after `knownHead`, which the caller kept elsewhere. Reads only.
 */
export function verifyAudit(files: AuditFiles, knownHead?: AuditHead): AuditReport {
  requireStore(files.dbPath);
  const key = openExistingKey(files.dataDir);
  const anchors = readAnchors(files.dataDir);
  if (knownHead !== undefined) anchors.push({ head: knownHead, source: "the head you gave" });
  return withReader(files.dbPath, (connection) => walk(connection, key, anchors));
}

interface AnchoredHead {
  readonly head: AuditHead;
  readonly source: string;
}

function walk(connection: Connection, key: Buffer, anchors: readonly AnchoredHead[]): AuditReport {
  const problems: string[] = [];
  const anchorsAt = Map.groupBy(anchors, (anchor) => anchor.head.seq);
  let head: AuditHead = EMPTY_HEAD;
  let checked = 0;
  for (;;) {
    const rows = connection.all(auditAfter, { seq: head.seq, limit: ROWS_A_READ });
    for (const row of rows) {
      problems.push(...problemsOfRow(key, head, row, anchorsAt.get(row.seq) ?? []));
      head = { seq: row.seq, hash: row.hash };
      checked += 1;
    }
    if (rows.length < ROWS_A_READ) break;
  }
  return { head, checked, problems: [...problems, ...problemsOfEnd(head, anchors)] };
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

function readAnchors(dataDir: string): AnchoredHead[] {
  const file = anchorFileOf(dataDir);
  if (!existsSync(file)) return [];
  const anchors: AnchoredHead[] = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [at, text] = line.split(" ");
    const head = text === undefined ? undefined : parseHead(text);
    if (head !== undefined) anchors.push({ head, source: `the anchor of ${at}` });
  }
  return anchors;
}

function openExistingKey(dataDir: string): Buffer {
  if (!existsSync(join(dataDir, "audit.key"))) {
    throw new AppError(
      "not_found",
      `There is no audit.key in ${dataDir}: without it the chain cannot be verified.`,
    );
  }
  return openAuditKey(dataDir);
}

function withReader<T>(dbPath: string, read: (connection: Connection) => T): T {
  requireStore(dbPath);
  let connection: Connection | undefined;
  try {
    connection = openConnection(dbPath, { readonly: true });
    return read(connection);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    connection?.database.close();
  }
}

function requireStore(dbPath: string): void {
  if (existsSync(dbPath)) return;
  throw new AppError("not_found", `There is no store at ${dbPath} yet. Start the service once.`);
}
