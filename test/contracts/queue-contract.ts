import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Settle } from "../../src/core/job/job.ts";
import type { ClaimedJob } from "../../src/orchestrator/job-handler.ts";
import { jobById, jobsOfLane, listDeadJobs } from "../../src/store/queries/jobs.ts";
import { aJob, claimOf, commit, enqueue } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** What every engine must do with jobs, whatever database it stands on. */
export function queueContract(kind: StoreBackend): void {
  describe(`queue on ${kind.name}`, () => {
    let backend: OpenedBackend;
    beforeEach(async () => {
      backend = await kind.open();
    });
    afterEach(async () => {
      await backend.close();
    });

    const claim = (limit = 10, process = "one") =>
      backend.engine(process).claim("light", limit, backend.clock.now());
    async function claimOne(process = "one"): Promise<ClaimedJob> {
      const [job] = await claim(1, process);
      if (job === undefined) throw new Error("nothing was due");
      return job;
    }
    const settle = (job: ClaimedJob, how: Settle) =>
      commit(backend, [], { claim: claimOf(job), settle: how });
    const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id);

    test("hands out one job of a lane at a time, in the order they were committed", async () => {
      const jobs = [aJob("lane"), aJob("lane"), aJob("lane")];
      await commit(backend, jobs.map(enqueue));
      const order: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const claimed = await claim();
        expect(claimed).toHaveLength(1);
        for (const job of claimed) {
          order.push(job.id);
          expect(await settle(job, { kind: "done" })).toBe("committed");
        }
      }
      expect(order).toEqual(ids(jobs));
      expect(await claim()).toEqual([]);
    });

    test("takes the best priority first between lanes, never within one", async () => {
      const late = aJob("a", { priority: 90 });
      const urgentBehindIt = aJob("a", { priority: 1 });
      const middle = aJob("b", { priority: 50 });
      await commit(backend, [late, urgentBehindIt, middle].map(enqueue));
      expect(ids(await claim(1))).toEqual([middle.id]);
      expect(ids(await claim())).toEqual([late.id]);
    });

    test("never hands the same job to two processes", async () => {
      await commit(
        backend,
        Array.from({ length: 40 }, (_, n) => enqueue(aJob(`lane-${n}`))),
      );
      const taken = await Promise.all(
        ["one", "two", "three", "four"].map((process) => claim(25, process)),
      );
      const all = taken.flat().map((job) => job.id);
      const rest = ids(await claim(40));
      expect(new Set([...all, ...rest]).size).toBe(40);
      expect(all.length + rest.length).toBe(40);
    });

    test("keeps a lane serial when many write to it at once", async () => {
      await Promise.all(Array.from({ length: 12 }, () => commit(backend, [enqueue(aJob("busy"))])));
      const rows = await backend.store.all(jobsOfLane, { lane: "busy" });
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter((row) => row.head === 1)).toHaveLength(1);
      expect(await claim()).toHaveLength(1);
    });

    test("lets the next of a lane go in the same commit that ends its head", async () => {
      await commit(backend, [enqueue(aJob("lane")), enqueue(aJob("lane"))]);
      const [first] = await claim();
      if (first === undefined) throw new Error("nothing was due");
      const enqueued = aJob("lane");
      await commit(backend, [enqueue(enqueued)], {
        claim: claimOf(first),
        settle: { kind: "done" },
      });
      const rows = await backend.store.all(jobsOfLane, { lane: "lane" });
      expect(rows.map((row) => row.head)).toEqual([1, 0]);
      expect(rows.at(-1)?.id).toBe(enqueued.id);
    });

    test("does not hand out a delayed job before its time, and says when that is", async () => {
      const now = backend.clock.now();
      await commit(backend, [enqueue(aJob("later", { runAtMs: now + 5_000 }))]);
      expect(await claim()).toEqual([]);
      expect(await backend.engine("one").nextDueAt("light")).toBe(now + 5_000);
      expect(await backend.engine("one").nextDueAt("heavy")).toBeUndefined();
      expect(await backend.engine("one").claim("light", 1, now + 5_000)).toHaveLength(1);
      expect(await backend.engine("one").nextDueAt("light")).toBeUndefined();
    });

    test("hands out what waits once the wall clock was set back to before its wait began", async () => {
      const now = backend.clock.now();
      const engine = backend.engine("one");
      await commit(backend, [enqueue(aJob("later", { runAtMs: now + 600_000 }))], { now });
      await commit(
        backend,
        ["retried", "snoozed"].map((lane) => enqueue(aJob(lane))),
        { now },
      );
      const [retried, snoozed] = await engine.claim("light", 5, now);
      if (retried === undefined || snoozed === undefined) throw new Error("nothing was due");
      await commit(backend, [], {
        now,
        claim: claimOf(retried),
        settle: { kind: "retry", atMs: now + 600_000, error: "no answer" },
      });
      await commit(backend, [], {
        now,
        claim: claimOf(snoozed),
        settle: { kind: "snooze", untilMs: now + 600_000 },
      });
      // As far as clocks of several machines differ, and as far as one is set right now and then.
      for (const differsMs of [0, -5, -1_000, -30_000, 599_999]) {
        expect(await engine.claim("light", 5, now + differsMs)).toEqual([]);
      }
      expect(await engine.claim("light", 5, now - 5 * 3_600_000)).toHaveLength(3);
    });

    test("hands out what was due when it was written, also when the clock is set back then", async () => {
      const now = backend.clock.now();
      await commit(backend, [enqueue(aJob("lane", { runAtMs: now }))], { now });
      expect(await backend.engine("one").claim("light", 5, now - 5 * 3_600_000)).toHaveLength(1);
    });

    test("waits anew from where the clock stands when a job is put back after it was set back", async () => {
      const now = backend.clock.now();
      const engine = backend.engine("one");
      await commit(backend, [enqueue(aJob("later", { runAtMs: now + 600_000 }))], { now });
      const earlier = now - 5 * 3_600_000;
      const [job] = await engine.claim("light", 1, earlier);
      if (job === undefined) throw new Error("nothing was due");
      await commit(backend, [], {
        now: earlier,
        claim: claimOf(job),
        settle: { kind: "snooze", untilMs: earlier + 5_000 },
      });
      expect(await engine.claim("light", 1, earlier + 4_999)).toEqual([]);
      expect(await engine.claim("light", 1, earlier + 5_000)).toHaveLength(1);
    });

    test("counts a retry as an attempt and blocks the lane until it is due", async () => {
      await commit(backend, [enqueue(aJob("lane")), enqueue(aJob("lane"))]);
      const job = await claimOne();
      const atMs = backend.clock.now() + 1_000;
      expect(await settle(job, { kind: "retry", atMs, error: "no answer" })).toBe("committed");
      expect(await claim()).toEqual([]);
      const [again] = await backend.engine("one").claim("light", 5, atMs);
      expect(again).toMatchObject({ id: job.id, attempts: 2 });
    });

    test("counts neither a snooze nor a release as an attempt", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      await settle(await claimOne(), { kind: "snooze", untilMs: backend.clock.now() });
      await settle(await claimOne(), { kind: "release" });
      expect(await claimOne()).toMatchObject({ attempts: 1, interruptions: 0 });
    });

    test("turns the attempt of a dead process into an interruption", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      const before = await claimOne("dead");
      await backend.expireClaims();
      expect(await backend.engine("next").reclaim(backend.clock.now())).toBe(1);
      const after = await claimOne("next");
      expect(after).toMatchObject({ id: before.id, attempts: 1, interruptions: 1 });
      expect(await settle(before, { kind: "done" })).toEqual({ refused: "claim_lost" });
      expect(await settle(after, { kind: "done" })).toBe("committed");
    });

    test("leaves the claims of a living process alone", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      const job = await claimOne("one");
      expect(await backend.engine("one").reclaim(backend.clock.now())).toBe(0);
      expect(await settle(job, { kind: "done" })).toBe("committed");
    });

    test("keeps a dead letter out of its lane's way, and brings it back when replayed", async () => {
      await commit(backend, [enqueue(aJob("lane")), enqueue(aJob("lane"))]);
      const dead = await claimOne();
      await settle(dead, { kind: "dead", error: "it never works" });
      expect(
        await listDeadJobs(backend.store, { kind: undefined, beforeSeq: undefined, limit: 5 }),
      ).toMatchObject([{ id: dead.id, last_error: "it never works" }]);
      const next = await claimOne();
      expect(next.id).not.toBe(dead.id);
      await settle(next, { kind: "discard", reason: "not needed" });
      const replay = () => commit(backend, [{ type: "replay-job", jobId: dead.id, lane: "lane" }]);
      expect(await replay()).toBe("committed");
      expect(await replay()).toBe("conflict");
      expect(await claimOne()).toMatchObject({ id: dead.id, attempts: 1, interruptions: 0 });
    });

    test("forgets at a replay that the work was once told to stop", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      const job = await claimOne();
      await commit(backend, [{ type: "cancel-job", jobId: job.id }]);
      await settle(job, { kind: "dead", error: "too late to stop" });
      await commit(backend, [{ type: "replay-job", jobId: job.id, lane: "lane" }]);
      expect(await claimOne()).toMatchObject({ id: job.id, isCancelled: false });
      expect(await backend.engine("one").cancelled()).toEqual([]);
    });

    test("replays a dead letter behind what waits in its lane, whose head stays the head", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      const dead = await claimOne();
      await settle(dead, { kind: "dead", error: "not yet" });
      await commit(backend, [enqueue(aJob("lane")), enqueue(aJob("lane"))]);
      await commit(backend, [{ type: "replay-job", jobId: dead.id, lane: "lane" }]);
      await commit(backend, [enqueue(aJob("lane"))]);
      const rows = await backend.store.all(jobsOfLane, { lane: "lane" });
      expect(rows.map(({ id, head }) => [id === dead.id, head])).toEqual([
        [false, 1],
        [false, 0],
        [true, 0],
        [false, 0],
      ]);
    });

    test("drops a dead letter once, and nothing that still lives", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      const job = await claimOne();
      const drop = () => commit(backend, [{ type: "drop-job", jobId: job.id }]);
      expect(await drop()).toBe("conflict");
      await settle(job, { kind: "dead", error: "never" });
      expect(await drop()).toBe("committed");
      expect(await drop()).toBe("conflict");
      expect(await backend.store.all(jobsOfLane, { lane: "lane" })).toEqual([]);
    });

    test("removes a job nobody has claimed, and lets its lane go on", async () => {
      const [head, second] = [aJob("lane"), aJob("lane")];
      await commit(backend, [head, second].map(enqueue));
      const remove = (jobId: string) =>
        commit(backend, [{ type: "remove-job", jobId, lane: "lane" }]);
      expect(await remove(head.id)).toBe("committed");
      const claimed = await claimOne();
      expect(claimed.id).toBe(second.id);
      expect(await remove(second.id)).toBe("conflict");
    });

    test("removes a waiting job without touching the head", async () => {
      const jobs = [aJob("lane"), aJob("lane"), aJob("lane")] as const;
      await commit(backend, jobs.map(enqueue));
      await commit(backend, [{ type: "remove-job", jobId: jobs[1].id, lane: "lane" }]);
      const rows = await backend.store.all(jobsOfLane, { lane: "lane" });
      expect(rows.map((row) => [row.id, row.head])).toEqual([
        [jobs[0].id, 1],
        [jobs[2].id, 0],
      ]);
    });

    test("remembers a cancel of a running job through a restart", async () => {
      await commit(backend, [enqueue(aJob("lane"))]);
      const job = await claimOne();
      expect(job.isCancelled).toBe(false);
      await commit(backend, [{ type: "cancel-job", jobId: job.id, by: "Ann" }]);
      expect(await backend.engine("one").cancelled()).toEqual([job.id]);
      const row = await backend.store.first(jobById, { id: job.id });
      expect(row?.cancelled_by).toBe("Ann");
      await backend.expireClaims();
      await backend.engine("two").reclaim(backend.clock.now());
      expect(await claimOne("two")).toMatchObject({ id: job.id, isCancelled: true });
    });

    test("gives a lease to one owner at a time, and to another once it is dropped", async () => {
      const one = backend.engine("one");
      expect(await one.takeLease("telegram:77", "t1", 60_000)).toBe(true);
      expect(await one.takeLease("telegram:77", "t1", 60_000)).toBe(true);
      expect(await one.takeLease("telegram:77", "t2", 60_000)).toBe(false);
      await one.dropLease("telegram:77", "t2");
      expect(await one.takeLease("telegram:77", "t2", 60_000)).toBe(false);
      await one.dropLease("telegram:77", "t1");
      expect(await backend.engine("two").takeLease("telegram:77", "t2", 60_000)).toBe(true);
    });
  });
}
