import type { KeyObject } from "node:crypto";
import { sql } from "kysely";
import { type AuditHead, chainHash, EMPTY_HEAD } from "../audit/chain.ts";
import { lastSealedAudit, unsealedAudit } from "../queries/sealed-audit.ts";
import { statement } from "../statement.ts";
import type { PostgresStore } from "./postgres-store.ts";

/** Most rows that one pass seals. */
export const ROWS_A_PASS = 500;
const SEAL_LOCK = 4_276_002;

const lockChain = statement((db, p: { lock: number }) => ({
  compile: () =>
    sql<{ locked: unknown }>`select pg_advisory_xact_lock(${p.lock}) as locked`.compile(db),
}));

const putSeals = statement((db, p: { seals: string }) => ({
  compile: () =>
    sql<unknown>`update audit set place = seal.place, hash = seal.hash
      from jsonb_to_recordset(${p.seals}::jsonb) as seal (seq bigint, place bigint, hash text)
      where audit.seq = seal.seq`.compile(db),
}));

/**
 * Gives committed rows of the record their place in the chain and their hash, the oldest first, at most `ROWS_A_PASS`.
 * Two at once wait for each other. Returns how many it sealed, and where the chain ends.
 */
export function sealAudit(
  store: PostgresStore,
  key: KeyObject,
): Promise<{ readonly sealed: number; readonly head: AuditHead }> {
  return store.transact(async (transaction) => {
    await transaction.all(lockChain, { lock: SEAL_LOCK });
    const [last] = await transaction.all(lastSealedAudit, {});
    let head: AuditHead = last ?? EMPTY_HEAD;
    const rows = await transaction.all(unsealedAudit, { limit: ROWS_A_PASS });
    const seals = rows.map((row) => {
      head = { seq: head.seq + 1, hash: chainHash(key, head, row) };
      return { seq: row.seq, place: head.seq, hash: head.hash };
    });
    if (seals.length > 0) await transaction.run(putSeals, { seals: JSON.stringify(seals) });
    return { sealed: seals.length, head };
  });
}
