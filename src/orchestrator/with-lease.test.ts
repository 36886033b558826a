import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import { AppError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import type { JobEngine } from "./engine.ts";
import { createSqliteEngine } from "./engines/sqlite-engine.ts";
import { withLease } from "./with-lease.ts";

const NEVER = new AbortController().signal;

describe("a service under a lease", () => {
  let opened: TestStore;
  let engine: JobEngine;
  let logged: string[];

  beforeEach(async () => {
    opened = await openTestStore();
    engine = createSqliteEngine(opened.store, opened.clock, "epoch_1");
    logged = [];
  });
  afterEach(() => opened.close());

  const log: Log = { write: (level, message) => void logged.push(`${level} ${message}`) };
  const leased = (service: Service, by: Pick<JobEngine, "takeLease" | "dropLease"> = engine) =>
    withLease({ engine: by, clock: opened.clock, log }, "the-lease", service);

  /** What starts `failing` times with an error, and counts. */
  function aService(failing = 0) {
    return {
      name: "it",
      starts: 0,
      stops: 0,
      isRunning: false,
      async start() {
        this.starts += 1;
        if (this.starts <= failing) throw new AppError("unavailable", "it cannot start now");
        this.isRunning = true;
      },
      async stop() {
        this.stops += 1;
        this.isRunning = false;
      },
    };
  }

  /** Moves the clock on, a second at a time, until the fact is there; returns how many seconds that took. */
  async function until(fact: () => boolean): Promise<number> {
    for (let seconds = 0; seconds < 3_000; seconds += 1) {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (fact()) return seconds;
      opened.clock.advance(1_000);
    }
    throw new Error("it never came true");
  }

  test("runs in one place, and in the next once that gave the lease back", async () => {
    const [one, two] = [aService(), aService()];
    const [first, second] = [leased(one), leased(two)];
    await first.start(NEVER);
    await second.start(NEVER);
    expect([one.isRunning, two.isRunning]).toEqual([true, false]);
    await first.stop();
    await until(() => two.isRunning);
    expect(one).toMatchObject({ isRunning: false, stops: 1 });
    await second.stop();
    expect(two.isRunning).toBe(false);
  });

  test("that cannot start at first says so to whoever starts it, and keeps no lease", async () => {
    const [one, two] = [aService(1), aService()];
    await expect(leased(one).start(NEVER)).rejects.toThrow("it cannot start now");
    const second = leased(two);
    await second.start(NEVER);
    expect(two.isRunning).toBe(true);
    await second.stop();
  });

  test("that cannot start when its turn comes is tried again, each time later, and leaves the lease to others meanwhile", async () => {
    const [one, two, three] = [aService(), aService(4), aService()];
    const [first, second] = [leased(one), leased(two)];
    await first.start(NEVER);
    await second.start(NEVER);
    await first.stop();
    const waits: number[] = [];
    for (let n = 1; n <= 4; n += 1) waits.push(await until(() => two.starts === n));
    expect(waits.slice(1)).toEqual([10, 20, 40]);
    const third = leased(three);
    await third.start(NEVER);
    expect(three.isRunning).toBe(true);
    await third.stop();
    await until(() => two.isRunning);
    expect(logged.filter((line) => line.startsWith("error"))).toHaveLength(4);
    await second.stop();
  });

  test.each([
    ["refuses", () => Promise.reject(new AppError("unavailable", "the store is away"))],
    ["does not answer", () => new Promise<boolean>(() => undefined)],
  ])(
    "stops at two thirds of its time when the store %s, and starts again after it",
    async (_how, fail) => {
      let isAway = false;
      const flaky = {
        ...engine,
        takeLease: (...asked: Parameters<JobEngine["takeLease"]>) =>
          isAway ? fail() : engine.takeLease(...asked),
      };
      const one = aService();
      const first = leased(one, flaky);
      await first.start(NEVER);
      isAway = true;
      const seconds = await until(() => !one.isRunning);
      expect(seconds).toBeGreaterThanOrEqual(20);
      expect(seconds).toBeLessThan(25);
      isAway = false;
      await until(() => one.isRunning);
      await first.stop();
      expect(one).toMatchObject({ starts: 2, stops: 2 });
    },
  );

  test("stops at once when another process has the lease", async () => {
    let isAnothers = false;
    const one = aService();
    const first = leased(one, {
      ...engine,
      takeLease: async (...asked) => !isAnothers && engine.takeLease(...asked),
    });
    await first.start(NEVER);
    isAnothers = true;
    expect(await until(() => !one.isRunning)).toBe(10);
    await first.stop();
  });
});
