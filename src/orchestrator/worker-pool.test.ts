import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aJob, commit, enqueue } from "../../test/contracts/fixtures.ts";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { MAX_ATTEMPTS } from "../core/job/job.ts";
import type { Log, LogLevel } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { jobById, listDeadJobs } from "../store/queries/jobs.ts";
import { statement } from "../store/statement.ts";
import { createSqliteEngine } from "./engines/sqlite-engine.ts";
import type { JobContext, JobHandler } from "./job-handler.ts";
import { createWorkerPool } from "./worker-pool.ts";

const settings = statement((db, _p: Record<never, never>) =>
  db.selectFrom("settings").selectAll().orderBy("key"),
);
const done = {
  name: "swept",
  actor: "system",
  effects: [],
  seen: [],
  settle: { kind: "done" },
} as const;

describe("the worker pool", () => {
  let opened: TestStore;
  let pool: Service | undefined;
  let logged: { level: LogLevel; message: string; fields: Readonly<Record<string, unknown>> }[];

  beforeEach(async () => {
    opened = await openTestStore();
    logged = [];
  });
  afterEach(async () => {
    await pool?.stop();
    pool = undefined;
    await opened.close();
  });

  const log: Log = {
    write: (level, message, fields = {}) => logged.push({ level, message, fields }),
  };

  async function start(
    run: JobHandler<"sweep">["run"],
    onGiveUp: JobHandler<"sweep">["onGiveUp"] = async () => ({ effects: [], seen: [] }),
  ) {
    pool = createWorkerPool({
      store: opened.store,
      clock: opened.clock,
      random: () => 0,
      log,
      engine: createSqliteEngine(opened.store, opened.clock, newId("epoch")),
      handlers: [{ kind: "sweep", run, onGiveUp }],
      sizes: { light: 3, heavy: 1 },
    });
    await pool.start(new AbortController().signal);
  }
  const backend = () => ({
    ...opened,
    engine: () => createSqliteEngine(opened.store, opened.clock, "x"),
    expireClaims: async () => undefined,
  });
  const add = (id: string, lane = id) => commit(backend(), [enqueue(aJob(lane, { id }))]);
  /** Settles when `read` finds something, moving the clock on whenever nothing happens. */
  async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
    for (let round = 0; round < 2_000; round += 1) {
      const value = await read();
      if (value !== undefined) return value;
      await new Promise((resolve) => setImmediate(resolve));
      if (round % 10 === 9) opened.clock.advance(1_000);
    }
    throw new Error("it never came true");
  }
  const gone = (id: string) =>
    eventually(async () =>
      (await opened.store.first(jobById, { id })) === undefined ? true : undefined,
    );
  const dead = (id: string) =>
    eventually(async () =>
      (await listDeadJobs(opened.store, { kind: undefined, beforeSeq: undefined, limit: 10 })).find(
        (job) => job.id === id,
      ),
    );

  test("runs what is there at the start and what comes later", async () => {
    await add("job_before");
    const ran: string[] = [];
    await start(async (context) => {
      ran.push(context.job.id);
      await context.settle(async () => done);
    });
    await gone("job_before");
    await add("job_after");
    await gone("job_after");
    expect(ran).toEqual(["job_before", "job_after"]);
  });

  test("decides again on fresh facts when a fact moved in between", async () => {
    await add("job_1");
    let decisions = 0;
    await start(async (context) => {
      await context.settle(async () => {
        decisions += 1;
        const stale = [{ table: "contexts", id: "ctx_none", version: 7 }] as const;
        return {
          ...done,
          seen: decisions < 3 ? stale : [],
          effects: [{ type: "set-setting", key: "n", value: String(decisions) }],
        };
      });
    });
    await gone("job_1");
    expect(await opened.store.all(settings, {})).toEqual([{ key: "n", value: "3" }]);
  });

  test("tries again with growing delays, then buries the job with what its handler says must follow", async () => {
    await add("job_1");
    const at: number[] = [];
    await start(
      async () => {
        at.push(opened.clock.now());
        throw new AppError("unavailable", "the model does not answer");
      },
      async (_job, error) => ({
        effects: [{ type: "set-setting", key: "told", value: error.message }],
        seen: [],
      }),
    );
    expect(await dead("job_1")).toMatchObject({
      attempts: MAX_ATTEMPTS,
      last_error: "the model does not answer",
    });
    expect(await opened.store.all(settings, {})).toEqual([
      { key: "told", value: "the model does not answer" },
    ]);
    expect(at).toHaveLength(MAX_ATTEMPTS);
    const delays = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(delays.every((delay, index) => delay >= 1_000 * 2 ** index)).toBe(true);
  });

  test("does not try again what cannot be helped by it", async () => {
    await add("job_1");
    let runs = 0;
    await start(async () => {
      runs += 1;
      throw new AppError("invalid_input", "this can never work");
    });
    await dead("job_1");
    expect(runs).toBe(1);
  });

  test("buries the job even when giving up fails as well", async () => {
    await add("job_1");
    await start(
      async () => {
        throw new AppError("not_found", "gone");
      },
      async () => {
        throw new Error("and this fails too");
      },
    );
    expect(await dead("job_1")).toMatchObject({ last_error: "gone" });
    expect(logged.some((line) => line.message === "giving up on a job failed")).toBe(true);
  });

  test("treats a handler that settles nothing as failed", async () => {
    await add("job_1");
    await start(async () => undefined);
    expect((await dead("job_1")).last_error).toContain("without settling");
  });

  test("gives a running job back untouched when it stops", async () => {
    await add("job_1");
    let isStarted = () => {};
    const started = new Promise<void>((resolve) => {
      isStarted = resolve;
    });
    await start(async (context) => {
      isStarted();
      await new Promise((_resolve, reject) =>
        context.signal.addEventListener("abort", () => reject(context.signal.reason)),
      );
    });
    await started;
    await pool?.stop();
    expect(await opened.store.first(jobById, { id: "job_1" })).toMatchObject({
      state: "ready",
      attempts: 0,
      interruptions: 0,
    });
  });

  test("reaches a running job with a cancel, and says that it is one", async () => {
    await add("job_1");
    let isStarted = () => {};
    const started = new Promise<void>((resolve) => {
      isStarted = resolve;
    });
    await start(async (context: JobContext<"sweep">) => {
      isStarted();
      await new Promise<void>((resolve) =>
        context.signal.addEventListener("abort", () => resolve()),
      );
      await context.settle(async () => ({
        ...done,
        effects: [{ type: "set-setting", key: "cancelled", value: String(context.isCancelled()) }],
      }));
    });
    await started;
    await commit(backend(), [{ type: "cancel-job", jobId: "job_1" }]);
    await gone("job_1");
    expect(await opened.store.all(settings, {})).toEqual([{ key: "cancelled", value: "true" }]);
  });

  test("runs no more at a time than it may, and one of a lane", async () => {
    let active = 0;
    let most = 0;
    const lanes = new Set<string>();
    await start(async (context) => {
      active += 1;
      most = Math.max(most, active);
      expect(lanes.has(context.job.lane)).toBe(false);
      lanes.add(context.job.lane);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      lanes.delete(context.job.lane);
      active -= 1;
      await context.settle(async () => done);
    });
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(`job_${n}`, `lane-${n % 5}`)));
    await Promise.all(Array.from({ length: 20 }, (_, n) => gone(`job_${n}`)));
    expect(most).toBe(3);
  });

  test("gives up on a job that keeps killing the process", async () => {
    await add("job_1");
    await opened.store.transact((connection) =>
      connection.database.exec("update jobs set interruptions = 26"),
    );
    await start(async () => {
      throw new Error("it must not even run");
    });
    expect((await dead("job_1")).last_error).toContain("died 26 times");
  });

  test("may be stopped twice, before it was started, and started again", async () => {
    await start(async (context) => context.settle(async () => done));
    await pool?.stop();
    await pool?.stop();
    await pool?.start(new AbortController().signal);
    await add("job_1");
    await gone("job_1");
  });
});
