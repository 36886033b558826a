import { type SqlBool, sql } from "kysely";
import type { EffectOf } from "../../core/effect/effect.ts";
import type { Claim, NewJob, Settle } from "../../core/job/job.ts";
import { POOL_OF } from "../../core/job/job.ts";
import type { Db } from "../statement.ts";
import { statement } from "../statement.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { check, type Step, write } from "./step.ts";

/** With two writers at once, a lane's order is decided under its lock; with one writer there is nothing to lock. */
const lockLane = statement((db, p: { lane: string }) => ({
  compile: () =>
    sql<{
      locked: unknown;
    }>`select pg_advisory_xact_lock(hashtextextended(${p.lane}, 0)) as locked`.compile(db),
}));

const laneHasHead = (db: Db, lane: string) =>
  db.selectFrom("jobs").select("seq").where("lane", "=", lane).where("head", "=", sql.lit(1));

const insertJob = statement(
  (
    db,
    p: {
      id: string;
      kind: NewJob["kind"];
      pool: (typeof POOL_OF)[NewJob["kind"]];
      lane: string;
      priority: number;
      runAtMs: number;
      delayedFromMs: number;
      payload: string;
      cause: string;
      now: number;
    },
  ) =>
    db.insertInto("jobs").values((eb) => ({
      id: p.id,
      kind: p.kind,
      pool: p.pool,
      lane: p.lane,
      head: eb
        .case()
        .when(eb.exists(laneHasHead(db, p.lane)))
        .then(eb.lit(0))
        .else(eb.lit(1))
        .end(),
      state: "ready",
      priority: p.priority,
      run_at_ms: p.runAtMs,
      delayed_from_ms: p.delayedFromMs,
      attempts: 0,
      interruptions: 0,
      payload: p.payload,
      cause: p.cause,
      created_at_ms: p.now,
    })),
);

// Written out, so that SQLite sees that its partial index of jobs that wait behind another applies.
const isBehind = sql<SqlBool>`head = 0 and state = 'ready'`;
const waitingInLane = statement((db, p: { lane: string }) =>
  db.selectFrom("jobs").select("seq").where("lane", "=", p.lane).where(isBehind).limit(1),
);

/** The oldest job that waits in the lane becomes its head, unless it has one. */
export const promote = statement((db, p: { lane: string }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({ head: eb.lit(1) }))
    .where("seq", "=", (eb) =>
      eb
        .selectFrom("jobs")
        .select("seq")
        .where("lane", "=", p.lane)
        .where(isBehind)
        .orderBy("seq")
        .limit(1),
    )
    .where((eb) => eb.not(eb.exists(laneHasHead(db, p.lane)))),
);

/** The columns of a job that nobody holds. */
export const UNCLAIMED = { claim_token: null, claimed_by: null, lease_until_ms: null } as const;

interface Claimed {
  jobId: string;
  token: string;
}

/** When a job falls due: outside the time from `delayedFromMs` to `runAtMs`. */
export interface Due {
  runAtMs: number;
  delayedFromMs: number;
}

/** What is due when it is written stays due, also when the wall clock is set back. */
export function dueAt(atMs: number, { now }: CommitFacts): Due {
  return atMs <= now ? { runAtMs: 0, delayedFromMs: 0 } : { runAtMs: atMs, delayedFromMs: now };
}

const holdClaim = statement((db, p: Claimed, dialect) => {
  const query = db
    .selectFrom("jobs")
    .select("seq")
    .where("id", "=", p.jobId)
    .where("claim_token", "=", p.token);
  return dialect.hasConcurrentWriters ? query.forUpdate() : query;
});

const deleteClaimed = statement((db, p: Claimed) =>
  db.deleteFrom("jobs").where("id", "=", p.jobId).where("claim_token", "=", p.token),
);

const giveBack = statement((db, p: Claimed & Due & { attemptBack: number; error: string | null }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      state: "ready",
      ...UNCLAIMED,
      run_at_ms: p.runAtMs,
      delayed_from_ms: p.delayedFromMs,
      attempts: eb("attempts", "-", p.attemptBack),
      last_error: p.error,
    }))
    .where("id", "=", p.jobId)
    .where("claim_token", "=", p.token),
);

const release = statement((db, p: Claimed) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      state: "ready",
      ...UNCLAIMED,
      attempts: eb("attempts", "-", eb.lit(1)),
    }))
    .where("id", "=", p.jobId)
    .where("claim_token", "=", p.token),
);

const bury = statement((db, p: Claimed & { error: string }) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      state: "dead",
      head: eb.lit(0),
      ...UNCLAIMED,
      last_error: p.error,
    }))
    .where("id", "=", p.jobId)
    .where("claim_token", "=", p.token),
);

const flagCancel = statement((db, p: { jobId: string; by: string | null; now: number }) =>
  db
    .updateTable("jobs")
    .set({ cancel_at_ms: p.now, cancelled_by: p.by })
    .where("id", "=", p.jobId)
    .where("state", "!=", "dead"),
);

const removeUnclaimed = statement((db, p: { jobId: string; lane: string }) =>
  db
    .deleteFrom("jobs")
    .where("id", "=", p.jobId)
    .where("lane", "=", p.lane)
    .where("state", "=", "ready"),
);

/** At the tail: what was queued in the meantime is older work by now. */
const revive = statement((db, p: { jobId: string; lane: string }, dialect) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      seq: sql<number>`${sql.raw(dialect.nextJobSeq)}`,
      state: "ready",
      attempts: eb.lit(0),
      interruptions: eb.lit(0),
      last_error: null,
      cancel_at_ms: null,
      cancelled_by: null,
      run_at_ms: eb.lit(0),
      delayed_from_ms: eb.lit(0),
    }))
    .where("id", "=", p.jobId)
    .where("lane", "=", p.lane)
    .where("state", "=", "dead"),
);

const dropDead = statement((db, p: { jobId: string }) =>
  db.deleteFrom("jobs").where("id", "=", p.jobId).where("state", "=", "dead"),
);

/** The next of the lane may run. Most lanes are empty by then, and looking costs a fifth of writing. */
export function promoteSteps(lane: string): readonly Step[] {
  return [check(waitingInLane, { lane }, "skip"), write(promote, { lane }, "ignore")];
}

export function lockLaneSteps(lane: string, facts: CommitFacts): readonly Step[] {
  return facts.dialect.hasConcurrentWriters ? [check(lockLane, { lane })] : [];
}

export function enqueueSteps(
  job: NewJob,
  facts: CommitFacts,
  cause = facts.cause,
): readonly Step[] {
  return [
    ...lockLaneSteps(job.lane, facts),
    write(insertJob, {
      id: job.id,
      kind: job.kind,
      pool: POOL_OF[job.kind],
      lane: job.lane,
      priority: job.priority,
      ...dueAt(job.runAtMs, facts),
      payload: JSON.stringify(job.payload),
      cause,
      now: facts.now,
    }),
  ];
}

export function cancelSteps(
  { jobId, by }: EffectOf<"cancel-job">,
  { now }: CommitFacts,
): readonly Step[] {
  return [write(flagCancel, { jobId, by: by ?? null, now })];
}

export function removeSteps(
  job: { jobId: string; lane: string },
  facts: CommitFacts,
): readonly Step[] {
  return [
    ...lockLaneSteps(job.lane, facts),
    write(removeUnclaimed, job),
    ...promoteSteps(job.lane),
  ];
}

export function replaySteps(
  job: { jobId: string; lane: string },
  facts: CommitFacts,
): readonly Step[] {
  return [...lockLaneSteps(job.lane, facts), write(revive, job), ...promoteSteps(job.lane)];
}

/** A dead letter is no head, so its lane need not be promoted. */
export function dropSteps(jobId: string): readonly Step[] {
  return [write(dropDead, { jobId })];
}

/** First in every commit under a claim: what follows happens only while the claim is ours. */
export function claimSteps(
  claim: Claim,
  settle: Settle | undefined,
  facts: CommitFacts,
): readonly Step[] {
  const held = { jobId: claim.jobId, token: claim.token };
  const lost = { refuse: "claim_lost" } as const;
  const next = promoteSteps(claim.lane);
  const lock = lockLaneSteps(claim.lane, facts);
  switch (settle?.kind) {
    case undefined:
      return [check(holdClaim, held, lost)];
    case "done":
    case "discard":
      return [...lock, write(deleteClaimed, held, lost), ...next];
    case "snooze":
      return [
        write(
          giveBack,
          { ...held, ...dueAt(settle.untilMs, facts), attemptBack: 1, error: null },
          lost,
        ),
      ];
    case "retry":
      return [
        write(
          giveBack,
          { ...held, ...dueAt(settle.atMs, facts), attemptBack: 0, error: settle.error },
          lost,
        ),
      ];
    case "release":
      return [write(release, held, lost)];
    case "dead":
      return [...lock, write(bury, { ...held, error: settle.error }, lost), ...next];
  }
}
