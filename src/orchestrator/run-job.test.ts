import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aJob, enqueue } from "../../test/contracts/fixtures.ts";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { jobById, listDeadJobs } from "../store/queries/jobs.ts";
import { settingByKey } from "../store/queries/settings.ts";
import type { Store } from "../store/store.ts";
import { createSqliteEngine } from "./engines/sqlite-engine.ts";
import type { JobHandler } from "./job-handler.ts";
import { type RunningJob, runJob } from "./run-job.ts";

describe("a job whose end the store does not take", () => {
  let opened: TestStore;
  let warnings: string[];
  /** Commits that fail before the store takes them again. */
  let failing: number;

  beforeEach(async () => {
    opened = await openTestStore();
    warnings = [];
    failing = 0;
    await opened.store.commit({
      name: "add",
      actor: "system",
      cause: "test",
      now: opened.clock.now(),
      effects: [enqueue(aJob("lane", { id: "job_1" }))],
    });
  });
  afterEach(() => opened.close());

  const flaky = (): Store => ({
    ...opened.store,
    async commit(input) {
      failing -= 1;
      if (failing >= 0) throw new AppError("unavailable", "the disk is full");
      return await opened.store.commit(input);
    },
  });

  async function claim(run: JobHandler["run"]): Promise<RunningJob> {
    const { store, clock } = opened;
    const engine = createSqliteEngine(store, clock, newId("epoch"));
    const [job] = await engine.claim("light", 1, clock.now());
    if (job === undefined) throw new Error("there is no job");
    const handler: JobHandler = {
      kind: "sweep",
      run,
      onGiveUp: async (_job, error) => ({
        effects: [{ type: "set-setting", key: "told", value: error.message }],
        seen: [],
      }),
    };
    const log = { write: (_level: string, message: string) => void warnings.push(message) };
    return runJob({ store: flaky(), clock, random: () => 0, log }, handler, job);
  }

  /** Moves the clock on until it settles. */
  async function settled(promise: Promise<void>): Promise<void> {
    let isSettled = false;
    void promise.then(() => {
      isSettled = true;
    });
    for (let round = 0; round < 500 && !isSettled; round += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      opened.clock.advance(100);
    }
    expect(isSettled).toBe(true);
  }

  test("is given up with what must follow as soon as the store is back", async () => {
    failing = 3;
    const job = await claim(async () => {
      throw new AppError("not_found", "gone");
    });
    await settled(job.done);
    expect(
      await listDeadJobs(opened.store, { kind: undefined, beforeSeq: undefined, limit: 1 }),
    ).toMatchObject([{ last_error: "gone" }]);
    expect(await opened.store.first(settingByKey, { key: "told" })).toEqual({ value: "gone" });
  });

  test("is done once: what its handler did outside is kept until it can be written", async () => {
    failing = 3;
    let runs = 0;
    const job = await claim(async (context) => {
      runs += 1;
      await context.settle(async () => ({
        name: "done",
        actor: "system",
        seen: [],
        effects: [{ type: "set-setting", key: "answer", value: `of run ${runs}` }],
        settle: { kind: "done" },
      }));
    });
    await settled(job.done);
    expect(await opened.store.first(jobById, { id: "job_1" })).toBeUndefined();
    expect(await opened.store.first(settingByKey, { key: "answer" })).toEqual({
      value: "of run 1",
    });
  });

  test("holds up no shutdown, not even when it was cancelled before", async () => {
    failing = Number.POSITIVE_INFINITY;
    const job = await claim(async () => {
      throw new AppError("unavailable", "the model does not answer");
    });
    job.cancel();
    while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve));
    job.interrupt(new AppError("unavailable", "the service is shutting down"));
    await settled(job.done);
  });
});
