import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { type BootedRuntime, bootRuntime } from "../support/boot-runtime.ts";

let t: BootedRuntime;
const fast = createFastClock(5, systemClock.now());
afterEach(() => t.close());

const READY = { status: 200, body: { status: "ready" } };
const notReady = (reason: string | RegExp) => ({
  status: 503,
  body: { status: "not-ready", reasons: [expect.stringMatching(reason)] },
});

async function readyz() {
  const answer = await fetch(`${t.url}/readyz`);
  return { status: answer.status, body: await answer.json() };
}

/** Asks until it is so: an answer holds for a second, and a standstill is known a moment after its end. */
async function readyzWhen(status: number) {
  for (;;) {
    const answer = await readyz();
    if (answer.status === status) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test.each(["hang", "fail"])(
  "is not ready while the claims of its workers %s, and comes back by itself",
  async (how) => {
    const opened = Promise.withResolvers<void>();
    let isDown = false;
    t = await bootRuntime({
      clock: fast,
      wrapStore: (store) => ({
        ...store,
        async transact(work) {
          if (isDown && how === "hang") await opened.promise;
          if (isDown && how === "fail") throw new Error("no claims today");
          return store.transact(work);
        },
      }),
    });
    expect(await readyzWhen(200)).toEqual(READY);
    isDown = true;
    expect(await readyzWhen(503)).toEqual(notReady(/^No worker has finished a probe within 5 s/));
    isDown = false;
    opened.resolve();
    expect(await readyzWhen(200)).toEqual(READY);
  },
  30_000,
);

test("is not ready while the store is read-only, and comes back by itself", async () => {
  t = await bootRuntime({ clock: fast });
  const database = await t.store.transact((connection) => connection.database);
  expect(await readyzWhen(200)).toEqual(READY);
  database.pragma("query_only = on");
  expect(await readyzWhen(503)).toEqual(notReady("The store takes no writes."));
  database.pragma("query_only = off");
  expect(await readyzWhen(200)).toEqual(READY);
});

test("is not ready once another process has extended the record, and says so", async () => {
  t = await bootRuntime({ clock: fast });
  expect(await readyzWhen(200)).toEqual(READY);
  const file = await t.store.transact((connection) => connection.database.name);
  const other = new Database(file);
  other.exec(
    `insert into audit select max(seq) + 1, at_ms, name, actor, cause, effects, ids, digest, hash from audit`,
  );
  const cause = { name: "test", actor: "system", cause: "test", now: fast.now(), effects: [] };
  await expect(t.store.commit(cause)).rejects.toThrow("Another process writes to");
  expect(await readyzWhen(503)).toEqual(
    notReady(/^The store takes no writes\. Another process writes to .*start this one again\.$/),
  );
  other.exec("delete from audit where seq = (select max(seq) from audit)");
  other.close();
});

test("is not ready when the process stood still, and comes back by itself", async () => {
  t = await bootRuntime({});
  expect(await readyzWhen(200)).toEqual(READY);
  const untilMs = performance.now() + 1_500;
  while (performance.now() < untilMs);
  expect(await readyz()).toEqual(notReady(/^The process stood still for \d{4,} ms\.$/));
  expect(await readyzWhen(200)).toEqual(READY);
});
