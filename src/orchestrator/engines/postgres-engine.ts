import { type RawBuilder, sql } from "kysely";
import { newId } from "../../core/ids.ts";
import type { JobPool } from "../../core/job/job.ts";
import type { PostgresStore } from "../../store/postgres/postgres-store.ts";
import { cancelledJobs, nextDueJob } from "../../store/queries/jobs.ts";
import { statement } from "../../store/statement.ts";
import type { JobEngine } from "../engine.ts";
import { CLAIMED_COLUMNS, toClaimedJobs } from "./claimed-job.ts";
import { dropLease, takePostgresLease } from "./lease-statements.ts";

/** The database's clock: the one clock all nodes share. Leases are measured by it alone. */
const databaseNow = (): RawBuilder<number> =>
  sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

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
          .where("run_at_ms", "<=", p.now)
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
      claim_token: null,
      claimed_by: null,
      lease_until_ms: null,
      attempts: eb("attempts", "-", eb.lit(1)),
      interruptions: eb("interruptions", "+", eb.lit(1)),
    }))
    .where("state", "=", sql.lit("running"))
    .where("lease_until_ms", "<", databaseNow()),
);

const prolong = statement((db, p: { jobId: string; token: string; leaseMs: number }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({ lease_until_ms: eb(databaseNow(), "+", p.leaseMs) }))
    .where("id", "=", p.jobId)
    .where("claim_token", "=", p.token),
);

/** Many nodes share the table: claims skip what others are taking, and end by lease when a node dies. */
export function createPostgresEngine(
  store: PostgresStore,
  options: { readonly node: string; readonly leaseMs: number },
): JobEngine {
  const { node, leaseMs } = options;
  return {
    leaseMs,
    reclaim: () => store.transact((transaction) => transaction.run(reclaimExpired, {})),
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
      const held = await store.transact((transaction) =>
        Promise.all(
          jobs.map((job) => transaction.run(prolong, { jobId: job.id, token: job.token, leaseMs })),
        ),
      );
      return jobs.filter((_job, index) => held[index] === 0);
    },
    takeLease: (name, token, durationMs) =>
      store.transact(
        async (transaction) =>
          (await transaction.run(takePostgresLease, { name, owner: node, token, durationMs })) > 0,
      ),
    async dropLease(name, token) {
      await store.transact((transaction) => transaction.run(dropLease, { name, token }));
    },
  };
}
