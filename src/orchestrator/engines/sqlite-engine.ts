import { sql } from "kysely";
import type { Clock } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import type { JobPool } from "../../core/job/job.ts";
import { cancelledJobs, nextDueJob } from "../../store/queries/jobs.ts";
import type { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import { statement } from "../../store/statement.ts";
import type { JobEngine } from "../engine.ts";
import { CLAIMED_COLUMNS, toClaimedJobs } from "./claimed-job.ts";
import { isDue } from "./is-due.ts";
import { dropLease, takeSqliteLease } from "./lease-statements.ts";

/** Only this process writes, and it hears of all it writes: this is for a wall clock that was set. */
const LONGEST_WAIT_MS = 30_000;

const claimReady = statement(
  (db, p: { pool: JobPool; now: number; limit: number; token: string; epoch: string }) =>
    db
      .updateTable("jobs")
      .set((eb) => ({
        state: "running",
        claim_token: p.token,
        claimed_by: p.epoch,
        attempts: eb("attempts", "+", eb.lit(1)),
      }))
      .where("seq", "in", (eb) =>
        eb
          .selectFrom("jobs")
          .select("seq")
          .where("pool", "=", p.pool)
          .where("head", "=", eb.lit(1))
          .where("state", "=", sql.lit("ready"))
          .where(isDue(p.now))
          .orderBy("priority")
          .orderBy("seq")
          .limit(p.limit),
      )
      .returning(CLAIMED_COLUMNS),
);

const reclaimAll = statement((db, p: { epoch: string }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      state: "ready",
      claim_token: null,
      claimed_by: null,
      attempts: eb("attempts", "-", eb.lit(1)),
      interruptions: eb("interruptions", "+", eb.lit(1)),
    }))
    .where("state", "=", "running")
    .where("claimed_by", "!=", p.epoch),
);

/** One process owns the file, so a claim lives exactly as long as the process: its `epoch`. */
export function createSqliteEngine(store: SqliteStore, clock: Clock, epoch: string): JobEngine {
  return {
    leaseMs: undefined,
    longestWaitMs: LONGEST_WAIT_MS,
    reclaim: () => store.transact((connection) => connection.run(reclaimAll, { epoch })),
    async claim(pool, limit, now) {
      const rows = await store.transact((connection) =>
        connection.all(claimReady, { pool, limit, now, epoch, token: newId("tok") }),
      );
      return toClaimedJobs(rows);
    },
    async nextDueAt(pool) {
      const row = await store.first(nextDueJob, { pool });
      return row?.run_at_ms ?? undefined;
    },
    cancelled: async () => (await store.all(cancelledJobs, {})).map((row) => row.id),
    renew: async () => [],
    takeLease: (name, token, durationMs) =>
      store.transact(
        (connection) =>
          connection.run(takeSqliteLease, {
            name,
            owner: epoch,
            token,
            untilMs: clock.now() + durationMs,
          }) > 0,
      ),
    async dropLease(name, token) {
      await store.transact((connection) => connection.run(dropLease, { name, token }));
    },
  };
}
