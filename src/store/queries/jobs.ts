import { type SqlBool, sql } from "kysely";
import { statement } from "../statement.ts";
import type { JobsTable } from "../tables.ts";

type Nothing = Record<never, never>;
// Written out, so that SQLite sees that its partial index of dead letters applies.
const isDead = sql<SqlBool>`state = 'dead'`;

export const jobsOfLane = statement((db, p: { lane: string }) =>
  db.selectFrom("jobs").selectAll().where("lane", "=", p.lane).orderBy("seq"),
);

export const jobById = statement((db, p: { id: string }) =>
  db.selectFrom("jobs").selectAll().where("id", "=", p.id),
);

export const jobsOfCause = statement((db, p: { cause: string }) =>
  db
    .selectFrom("jobs")
    .select(["id", "kind", "state", "head", "attempts", "run_at_ms", "last_error"])
    .where("cause", "=", p.cause)
    .orderBy("seq"),
);

export const countJobs = statement((db, _p: Nothing) =>
  db
    .selectFrom("jobs")
    .select((eb) => ["kind" as const, "state" as const, eb.fn.countAll<number>().as("count")])
    .groupBy(["kind", "state"]),
);

export const deadJobs = statement((db, p: { limit: number }) =>
  db.selectFrom("jobs").selectAll().where(isDead).orderBy("seq", "desc").limit(p.limit),
);

/** The earliest instant at which some ready head of the pool falls due. */
export const nextDueJob = statement((db, p: { pool: JobsTable["pool"] }) =>
  db
    .selectFrom("jobs")
    .select((eb) => eb.fn.min("run_at_ms").as("run_at_ms"))
    .where("pool", "=", p.pool)
    .where("head", "=", sql.lit(1))
    .where("state", "=", sql.lit("ready")),
);

export const cancelledJobs = statement((db, _p: Nothing) =>
  db
    .selectFrom("jobs")
    .select("id")
    .where("cancel_at_ms", "is not", null)
    .where("state", "=", "running"),
);
