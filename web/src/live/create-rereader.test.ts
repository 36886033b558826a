import { expect, test } from "vitest";
import { createRereader } from "./create-rereader.ts";

const signal = new AbortController().signal;

function setup() {
  const open: Array<{ finish: () => void; fail: (error: Error) => void }> = [];
  const reread = createRereader(
    () => new Promise<void>((finish, fail) => open.push({ finish, fail })),
  );
  return { open, reread };
}

test("reads once more, and only once, for requests that came while it was reading", async () => {
  const { open, reread } = setup();
  const first = reread(signal);
  const others = [reread(signal), reread(signal), reread(signal)];
  expect(open).toHaveLength(1);
  open[0]?.finish();
  await first;
  await Promise.resolve();
  expect(open).toHaveLength(2);
  open[1]?.finish();
  await Promise.all(others);
  expect(open).toHaveLength(2);
});

test("a request that came while reading is not answered with the older read", async () => {
  const { open, reread } = setup();
  const first = reread(signal);
  let isSecondDone = false;
  const second = reread(signal).then(() => {
    isSecondDone = true;
  });
  open[0]?.finish();
  await first;
  await Promise.resolve();
  expect(isSecondDone).toBe(false);
  open[1]?.finish();
  await second;
});

test("a failed read is told to its own callers only", async () => {
  const { open, reread } = setup();
  const first = reread(signal);
  const second = reread(signal);
  open[0]?.fail(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  await Promise.resolve();
  open[1]?.finish();
  await expect(second).resolves.toBeUndefined();
});
