import { type EpochMs, toIso } from "../../core/clock.ts";
import { type AuditReport, createAuditWalk } from "../audit/audit-walk.ts";
import type { AuditHead } from "../audit/chain.ts";
import { problemsBesideChain } from "../audit/problems-beside-chain.ts";
import { readAnchor } from "../audit/read-anchor.ts";
import { anchoredHeads, anchorFileOf, openExistingKey } from "../audit/verify-audit.ts";
import { heldWork } from "../queries/audit.ts";
import {
  countSealedAuditBeforeFirst,
  countUnsealedAudit,
  sealedAuditAfter,
} from "../queries/sealed-audit.ts";
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
  const anchor = readAnchor(anchorFileOf(dataDir));
  const walk = createAuditWalk(openExistingKey(dataDir), anchoredHeads(anchor, knownHead));
  // What must have its rows is read before them: they may grow meanwhile.
  const holdsWork = (await store.first(heldWork, {})) !== undefined;
  const tail = await store.first(countUnsealedAudit, {});
  const unsealed = Number(tail?.count ?? 0);
  while (Number.isSafeInteger(walk.head.seq)) {
    const rows = await store.all(sealedAuditAfter, { place: walk.head.seq, limit: ROWS_A_READ });
    for (const row of rows) walk.take(row);
    if (rows.length < ROWS_A_READ) break;
  }
  const beside = problemsBesideChain({
    anchor,
    chained: walk.checked,
    beforeFirst: Number((await store.first(countSealedAuditBeforeFirst, {}))?.count ?? 0),
    unsealed,
    holdsWork,
  });
  return { ...walk.report([...beside, ...lateSeals(tail, now)]), unsealed };
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
