import { expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { createChanges } from "./changes.ts";

test("waits until the rows say so, whatever the events say", async () => {
  const changes = createChanges(createFakeClock());
  let rows = 0;
  let reads = 0;
  const found = changes.waitFor(
    (change) => change.topic === "tasks",
    async () => {
      reads += 1;
      return rows > 1 ? rows : undefined;
    },
    new AbortController().signal,
  );
  await Promise.resolve();
  changes.publish([{ topic: "jobs", id: "x" }]);
  changes.publish([{ topic: "tasks", id: "x" }]);
  rows = 2;
  changes.publish([{ topic: "tasks", id: "x" }]);
  expect(await found).toBe(2);
  expect(reads).toBeGreaterThanOrEqual(2);
});

test("sees a change that comes while it reads", async () => {
  const changes = createChanges(createFakeClock());
  let isThere = false;
  const found = changes.waitFor(
    () => true,
    async () => {
      const value = isThere ? "there" : undefined;
      if (!isThere) {
        isThere = true;
        changes.publish([{ topic: "tasks", id: "x" }]);
      }
      await Promise.resolve();
      return value;
    },
    new AbortController().signal,
  );
  expect(await found).toBe("there");
});

test("looks again once a second in case an event was lost", async () => {
  const clock = createFakeClock();
  const changes = createChanges(clock);
  let isThere = false;
  let hasRead = () => {};
  const firstRead = new Promise<void>((resolve) => {
    hasRead = resolve;
  });
  const found = changes.waitFor(
    () => false,
    async () => {
      hasRead();
      return isThere ? "there" : undefined;
    },
    new AbortController().signal,
  );
  await firstRead;
  await Promise.resolve();
  isThere = true;
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(1_000);
  expect(await found).toBe("there");
});

test("rejects with the reason of its signal", async () => {
  const control = new AbortController();
  const waiting = createChanges(createFakeClock()).waitFor(
    () => true,
    async () => undefined,
    control.signal,
  );
  control.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
