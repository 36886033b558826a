import { type EpochMs, toIso } from "../../core/clock.ts";
import { type AuditReport, createAuditWalk } from "../audit/audit-walk.ts";
import type { AuditHead } from "../audit/chain.ts";
import { openExistingKey, readAnchors } from "../audit/verify-audit.ts";
import { countUnsealedAudit, sealedAuditAfter } from "../queries/sealed-audit.ts";
import type { Reader } from "../store.ts";

const ROWS_A_READ = 1_000;
/** A sealer needs a second, and one that takes over from a dead one half a minute more. */
const LATE_MS = 60_000;

/**
 * What `verifyAudit` finds on SQLite, found on Postgres; also rows that wait too long for their seal. `unsealed` rows
 * are not in the chain yet, so nothing can be said of them.
 */
export async function verifySealedAudit(
  store: Reader,
  dataDir: string,
  now: EpochMs,
  knownHead?: AuditHead,
): Promise<AuditReport & { readonly unsealed: number }> {
  const anchors = readAnchors(dataDir);
  if (knownHead !== undefined) anchors.push({ head: knownHead, source: "the head you gave" });
  const walk = createAuditWalk(openExistingKey(dataDir), anchors);
  for (;;) {
    const rows = await store.all(sealedAuditAfter, { place: walk.head.seq, limit: ROWS_A_READ });
    for (const row of rows) walk.take(row);
    if (rows.length < ROWS_A_READ) break;
  }
  const report = walk.report();
  const tail = await store.first(countUnsealedAudit, {});
  const unsealed = Number(tail?.count ?? 0);
  return { ...report, unsealed, problems: [...report.problems, ...lateSeals(tail, now)] };
}

function lateSeals(
  tail: { readonly count: number; readonly since_ms: EpochMs | null } | undefined,
  now: EpochMs,
): readonly string[] {
  if (tail?.since_ms == null || tail.since_ms > now - LATE_MS) return [];
  return [
    `${tail.count} rows at the end are not sealed, the oldest since ${toIso(tail.since_ms)}: no process seals the record`,
  ];
}
