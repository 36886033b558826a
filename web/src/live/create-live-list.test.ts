import { expect, test } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { ApiError } from "../api/api-error.ts";
import { createLiveList } from "./create-live-list.ts";

/** Every read begins long after the one before. */
const HOUR_MS = 60 * 60_000;
let elapsedMs = 0;
const clock = {
  ...systemClock,
  monotonicMs: () => {
    elapsedMs += HOUR_MS;
    return elapsedMs;
  },
};

const signal = new AbortController().signal;

/** Numbers in pages of two. */
function setup(numbers: number[]) {
  const server = { numbers, error: undefined as Error | undefined };
  const list = createLiveList<number>(async (cursor) => {
    if (server.error !== undefined) throw server.error;
    const start = Number(cursor ?? 0);
    const items = server.numbers.slice(start, start + 2);
    const next = start + 2;
    return { items, next_cursor: next < server.numbers.length ? String(next) : null };
  }, clock);
  return { server, list };
}

test("shows a page, then more, and reads again as much as it shows", async () => {
  const { server, list } = setup([1, 2, 3, 4, 5]);
  await list.reread(signal);
  expect(list.state.get()).toEqual({ items: [1, 2], hasMore: true, problem: undefined });
  await list.more(signal);
  expect(list.state.get().items).toEqual([1, 2, 3, 4]);
  server.numbers = [0, 1, 2, 3, 4, 5];
  await list.reread(signal);
  expect(list.state.get()).toMatchObject({ items: [0, 1, 2, 3], hasMore: true });
  await list.more(signal);
  expect(list.state.get()).toMatchObject({ items: [0, 1, 2, 3, 4, 5], hasMore: false });
});

test("a list that has become empty is empty", async () => {
  const { server, list } = setup([1, 2, 3]);
  await list.reread(signal);
  await list.more(signal);
  server.numbers = [];
  await list.reread(signal);
  expect(list.state.get()).toEqual({ items: [], hasMore: false, problem: undefined });
});

test("a refusal is told beside what was there, and is over with the next answer", async () => {
  const { server, list } = setup([1]);
  await list.reread(signal);
  server.error = new ApiError("access_denied", 403, "Your role does not allow that.");
  await list.reread(signal);
  expect(list.state.get()).toEqual({
    items: [1],
    hasMore: false,
    problem: "Your role does not allow that.",
  });
  server.error = new ApiError("internal", 500, "Something went wrong.");
  await list.reread(signal);
  expect(list.state.get().problem).toBe("Something went wrong.");
  server.error = undefined;
  await list.reread(signal);
  expect(list.state.get().problem).toBeUndefined();
});

test("that the session has ended, or nobody answers, is not kept to itself", async () => {
  const { server, list } = setup([1]);
  for (const error of [
    new ApiError("unauthenticated", 401, "Who are you?"),
    new ApiError("unreachable", 0, "Nobody there."),
  ]) {
    server.error = error;
    await expect(list.reread(signal)).rejects.toBe(error);
  }
});
