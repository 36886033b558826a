import { statement } from "../statement.ts";
import type { AuditTable } from "../tables/bookkeeping.ts";

type Nothing = Record<never, never>;

export const appliedMigrations = statement((db, _p: Nothing) =>
  db.selectFrom("migrations").select("name").orderBy("name"),
);

export const recordMigration = statement((db, p: { name: string; now: number }) =>
  db.insertInto("migrations").values({ name: p.name, applied_at_ms: p.now }),
);

export const lastAudit = statement((db, _p: Nothing) =>
  db.selectFrom("audit").select(["seq", "hash"]).orderBy("seq", "desc").limit(1),
);

export const insertAudit = statement((db, p: Omit<AuditTable, "seq"> & { seq: number }) =>
  db.insertInto("audit").values({
    seq: p.seq,
    at_ms: p.at_ms,
    name: p.name,
    actor: p.actor,
    cause: p.cause,
    effects: p.effects,
    ids: p.ids,
    digest: p.digest,
    hash: p.hash,
  }),
);

/** On Postgres: the sequence numbers, a sealer hashes later. */
export const insertUnsealedAudit = statement((db, p: Omit<AuditTable, "seq" | "hash">) =>
  db.insertInto("audit").values({
    at_ms: p.at_ms,
    name: p.name,
    actor: p.actor,
    cause: p.cause,
    effects: p.effects,
    ids: p.ids,
    digest: p.digest,
    hash: "",
  }),
);
