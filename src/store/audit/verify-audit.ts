import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { look } from "../files/needed-path.ts";
import { hasStore, readStore } from "../files/read-store.ts";
import { auditAfter, countAuditBeforeFirst, heldWork } from "../queries/audit.ts";
import { lastAudit } from "../queries/bookkeeping.ts";
import type { Connection } from "../sqlite/connection.ts";
import { openAuditKey } from "./audit-key.ts";
import {
  type AnchoredHead,
  type AuditReport,
  type AuditWalk,
  createAuditWalk,
} from "./audit-walk.ts";
import { type AuditHead, EMPTY_HEAD } from "./chain.ts";
import { problemsBesideChain } from "./problems-beside-chain.ts";
import { type AnchorFile, readAnchor } from "./read-anchor.ts";

const ROWS_A_READ = 1_000;

interface AuditFiles {
  readonly dbPath: string;
  readonly dataDir: string;
}

const ANCHOR = "audit.anchor";

export const anchorFileOf = (dataDir: string): string => join(dataDir, ANCHOR);

/** Where the chain ends now. Reads only; works beside a running service. */
export function readAuditHead({ dbPath }: Pick<AuditFiles, "dbPath">): AuditHead {
  return withReader(dbPath, (connection) => connection.get(lastAudit, {}) ?? EMPTY_HEAD);
}

/**
 * Walks the whole chain offline: finds a changed row, a missing one, one too many, an end that was cut off after it had
 * been anchored or after `knownHead`, which the caller kept elsewhere, and an anchor that is gone. Reads only.
 */
export function verifyAudit(files: AuditFiles, knownHead?: AuditHead): AuditReport {
  requireStore(files.dbPath);
  const key = openExistingKey(files.dataDir);
  // What must have its rows is read before them: they may grow meanwhile.
  const anchor = readAnchor(anchorFileOf(files.dataDir));
  const walk = createAuditWalk(key, anchoredHeads(anchor, knownHead));
  return withReader(files.dbPath, (connection) => {
    const holdsWork = connection.get(heldWork, {}) !== undefined;
    takeAll(connection, walk);
    return walk.report(
      problemsBesideChain({
        anchor,
        chained: walk.checked,
        beforeFirst: connection.get(countAuditBeforeFirst, {})?.count ?? 0,
        unsealed: 0,
        holdsWork,
      }),
    );
  });
}

function takeAll(connection: Connection, walk: AuditWalk): void {
  // A number too large to be exact is far behind a gap already, and could be read for ever.
  while (Number.isSafeInteger(walk.head.seq)) {
    const rows = connection.all(auditAfter, { seq: walk.head.seq, limit: ROWS_A_READ });
    for (const row of rows) walk.take(row);
    if (rows.length < ROWS_A_READ) return;
  }
}

/** Every head that somebody noted outside the database. */
export function anchoredHeads(
  { lines }: AnchorFile,
  knownHead: AuditHead | undefined,
): readonly AnchoredHead[] {
  const anchored = lines.map(({ at, head }) => ({ head, source: `the anchor of ${at}` }));
  return knownHead === undefined
    ? anchored
    : [...anchored, { head: knownHead, source: "the head you gave" }];
}

/** @throws AppError `not_found`: a key made now would fit nothing. */
export function openExistingKey(dataDir: string): Buffer {
  const needed = { path: join(dataDir, "audit.key"), variable: "AGENT_RUNTIME_DATA_DIR" };
  if (look(needed) === undefined) {
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
