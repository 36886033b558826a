import { type SqlBool, sql } from "kysely";
import { newId } from "../../core/ids.ts";
import type { JobPool } from "../../core/job/job.ts";
import { UNCLAIMED } from "../../store/effects/job-steps.ts";
import type { PostgresStore } from "../../store/postgres/postgres-store.ts";
import { cancelledJobs, nextDueJob } from "../../store/queries/jobs.ts";
import { statement } from "../../store/statement.ts";
import type { JobEngine } from "../engine.ts";
import { CLAIMED_COLUMNS, toClaimedJobs } from "./claimed-job.ts";
import { isDue } from "./is-due.ts";
import {
  databaseNow,
  dropLease,
  shortenPostgresLease,
  takePostgresLease,
} from "./lease-statements.ts";

/** What other nodes write is heard of by notices, and one may be lost. */
const LONGEST_WAIT_MS = 1_000;

const claimReady = statement(
  (
    db,
    p: { pool: JobPool; now: number; limit: number; token: string; node: string; leaseMs: number },
  ) =>
    db
      .updateTable("jobs")
      .set((eb) => ({
        state: "running",
        claim_token: p.token,
        claimed_by: p.node,
        lease_until_ms: eb(databaseNow(), "+", p.leaseMs),
        attempts: eb("attempts", "+", eb.lit(1)),
      }))
      .where("seq", "in", (eb) =>
        eb
          .selectFrom("jobs")
          .select("seq")
          .where("pool", "=", p.pool)
          .where("head", "=", sql.lit(1))
          .where("state", "=", sql.lit("ready"))
          .where(isDue(p.now))
          .orderBy("priority")
          .orderBy("seq")
          .limit(p.limit)
          .forUpdate()
          .skipLocked(),
      )
      .returning(CLAIMED_COLUMNS),
);

const reclaimExpired = statement((db, _p: Record<never, never>) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      state: "ready",
      ...UNCLAIMED,
      attempts: eb("attempts", "-", eb.lit(1)),
      interruptions: eb("interruptions", "+", eb.lit(1)),
    }))
    .where("state", "=", sql.lit("running"))
    .where("lease_until_ms", "<", databaseNow()),
);

/** A claim that ends later than one made now was made before the database's clock was set back: it ends like that one. */
const shortenClaims = statement((db, p: { leaseMs: number }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({ lease_until_ms: eb(databaseNow(), "+", p.leaseMs) }))
    .where("state", "=", sql.lit("running"))
    .where("lease_until_ms", ">", (eb) => eb(databaseNow(), "+", p.leaseMs)),
);

const prolong = statement((db, p: { claims: string; leaseMs: number }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({ lease_until_ms: eb(databaseNow(), "+", p.leaseMs) }))
    .where(
      sql<SqlBool>`(id, claim_token) in
        (select id, token from jsonb_to_recordset(${p.claims}::jsonb) as claim (id text, token text))`,
    )
    .returning("id"),
);

/** Many nodes share the table: claims skip what others are taking, and end by lease when a node dies. */
export function createPostgresEngine(
  store: PostgresStore,
  options: { readonly node: string; readonly leaseMs: number },
): JobEngine {
  const { node, leaseMs } = options;
  return {
    leaseMs,
    longestWaitMs: LONGEST_WAIT_MS,
    reclaim: () =>
      store.transact(async (transaction) => {
        await transaction.run(shortenClaims, { leaseMs });
        return transaction.run(reclaimExpired, {});
      }),
    async claim(pool, limit, now) {
      const rows = await store.transact((transaction) =>
        transaction.all(claimReady, { pool, limit, now, token: newId("tok"), node, leaseMs }),
      );
      return toClaimedJobs(rows);
    },
    async nextDueAt(pool) {
      const row = await store.first(nextDueJob, { pool });
      return row?.run_at_ms ?? undefined;
    },
    cancelled: async () => (await store.all(cancelledJobs, {})).map((row) => row.id),
    async renew(jobs) {
      if (jobs.length === 0) return [];
      const claims = JSON.stringify(jobs.map(({ id, token }) => ({ id, token })));
      const rows = await store.transact((transaction) =>
        transaction.all(prolong, { claims, leaseMs }),
      );
      const held = new Set(rows.map((row) => row.id));
      return jobs.filter((job) => !held.has(job.id));
    },
    takeLease: (name, token, durationMs) =>
      store.transact(async (transaction) => {
        const lease = { name, owner: node, token, durationMs };
        if ((await transaction.run(takePostgresLease, lease)) > 0) return true;
        await transaction.run(shortenPostgresLease, lease);
        return false;
      }),
    async dropLease(name, token) {
      await store.transact((transaction) => transaction.run(dropLease, { name, token }));
    },
  };
}
