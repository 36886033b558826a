import { expect, test } from "vitest";
import { createFakeClock } from "../../../test/support/fake-clock.ts";
import { createRereader } from "./create-rereader.ts";

const signal = new AbortController().signal;

function setup() {
  const open: Array<{ finish: () => void; fail: (error: Error) => void }> = [];
  const clock = createFakeClock();
  const reread = createRereader(
    () => new Promise<void>((finish, fail) => open.push({ finish, fail })),
    clock,
  );
  /** Lets what is due happen. */
  async function pass(durationMs: number): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    clock.advance(durationMs);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
  return { open, reread, pass };
}

test("reads once more, and only once, for requests that came while it was reading", async () => {
  const { open, reread, pass } = setup();
  const first = reread(signal);
  const others = [reread(signal), reread(signal), reread(signal)];
  expect(open).toHaveLength(1);
  open[0]?.finish();
  await first;
  await pass(200);
  expect(open).toHaveLength(2);
  open[1]?.finish();
  await Promise.all(others);
  await pass(10_000);
  expect(open).toHaveLength(2);
});

test("a request that came while reading is not answered with the older read", async () => {
  const { open, reread, pass } = setup();
  const first = reread(signal);
  let isSecondDone = false;
  const second = reread(signal).then(() => {
    isSecondDone = true;
  });
  open[0]?.finish();
  await first;
  await pass(200);
  expect(isSecondDone).toBe(false);
  open[1]?.finish();
  await second;
});

test("a failed read is told to its own callers only", async () => {
  const { open, reread, pass } = setup();
  const first = reread(signal);
  const second = reread(signal);
  open[0]?.fail(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  await pass(200);
  open[1]?.finish();
  await expect(second).resolves.toBeUndefined();
});

test("reads at once after a pause, and not more often than people can see", async () => {
  const { open, reread, pass } = setup();
  const first = reread(signal);
  open[0]?.finish();
  await first;
  await pass(50);
  const soon = reread(signal);
  await pass(149);
  expect(open).toHaveLength(1);
  await pass(1);
  expect(open).toHaveLength(2);
  open[1]?.finish();
  await soon;
  await pass(200);
  const later = reread(signal);
  expect(open).toHaveLength(3);
  open[2]?.finish();
  await later;
});

test("what was to be read later is let go with its connection, and the next one reads", async () => {
  const { open, reread, pass } = setup();
  const first = reread(signal);
  open[0]?.finish();
  await first;
  const connection = new AbortController();
  const lost = reread(connection.signal);
  await pass(0);
  connection.abort(new Error("lost"));
  await expect(lost).rejects.toThrow("lost");
  const again = reread(signal);
  await pass(200);
  expect(open).toHaveLength(2);
  open[1]?.finish();
  await expect(again).resolves.toBeUndefined();
});
