import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { pathProblem } from "../../core/path-problem.ts";
import { look } from "../files/needed-path.ts";
import { hasStore, readStore } from "../files/read-store.ts";
import { auditAfter } from "../queries/audit.ts";
import { lastAudit } from "../queries/bookkeeping.ts";
import type { Connection } from "../sqlite/connection.ts";
import { openAuditKey } from "./audit-key.ts";
import { type AnchoredHead, type AuditReport, createAuditWalk } from "./audit-walk.ts";
import { type AuditHead, EMPTY_HEAD, parseHead } from "./chain.ts";

const ROWS_A_READ = 1_000;

interface AuditFiles {
  readonly dbPath: string;
  readonly dataDir: string;
}

const ANCHOR = "audit.anchor";
const VARIABLE = "AGENT_RUNTIME_DATA_DIR";

export const anchorFileOf = (dataDir: string): string => join(dataDir, ANCHOR);

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

function walk(connection: Connection, key: Buffer, anchors: readonly AnchoredHead[]): AuditReport {
  const walking = createAuditWalk(key, anchors);
  for (;;) {
    const rows = connection.all(auditAfter, { seq: walking.head.seq, limit: ROWS_A_READ });
    for (const row of rows) walking.take(row);
    if (rows.length < ROWS_A_READ) return walking.report();
  }
}

/** The heads that were noted outside the database. */
export function readAnchors(dataDir: string): AnchoredHead[] {
  if (lookIn(dataDir, ANCHOR) === undefined) return [];
  const anchors: AnchoredHead[] = [];
  for (const line of readText(anchorFileOf(dataDir)).split("\n")) {
    const [at, text] = line.split(" ");
    const head = text === undefined ? undefined : parseHead(text);
    if (head !== undefined) anchors.push({ head, source: `the anchor of ${at}` });
  }
  return anchors;
}

function lookIn(dataDir: string, name: string) {
  return look({ path: join(dataDir, name), variable: VARIABLE });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw pathProblem(error, file, VARIABLE);
  }
}

/** @throws AppError `not_found`: a key made now would fit nothing. */
export function openExistingKey(dataDir: string): Buffer {
  if (lookIn(dataDir, "audit.key") === undefined) {
    throw new AppError(
      "not_found",
      `There is no audit.key in ${dataDir}: without it the chain cannot be verified.`,
    );
  }
  return openAuditKey(dataDir);
}

function withReader<T>(dbPath: string, read: (connection: Connection) => T): T {
  requireStore(dbPath);
  return readStore(dbPath, read);
}

function requireStore(dbPath: string): void {
  if (hasStore(dbPath)) return;
  throw new AppError("not_found", `There is no store at ${dbPath} yet. Start the service once.`);
}
