import { type Selectable, type SqlBool, sql } from "kysely";
import type { JobKind } from "../../core/job/job.ts";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { JobsTable } from "../tables/jobs.ts";

export type JobRow = Selectable<JobsTable>;

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

export const countDeadJobs = statement((db, _p: Nothing) =>
  db
    .selectFrom("jobs")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(isDead),
);

/** A page of dead letters of one kind or all, the newest first. */
export function listDeadJobs(
  store: Reader,
  filter: {
    readonly kind: JobKind | undefined;
    readonly beforeSeq: number | undefined;
    readonly limit: number;
  },
): Promise<JobRow[]> {
  const { kind, beforeSeq, limit } = filter;
  return store.list<JobRow>((db) => {
    let query = db.selectFrom("jobs").selectAll().where(isDead);
    if (kind !== undefined) query = query.where("kind", "=", kind);
    if (beforeSeq !== undefined) query = query.where("seq", "<", beforeSeq);
    return query.orderBy("seq", "desc").limit(limit);
  });
}

/** Up to two ids of dead letters that end in `tail` (letters and digits only). */
export function findDeadJobIdsByTail(store: Reader, tail: string): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) =>
    db.selectFrom("jobs").select("id").where(isDead).where("id", "like", `%${tail}`).limit(2),
  );
}

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
