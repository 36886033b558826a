import { expect, test } from "vitest";
import { ApiError } from "../api/api-error.ts";
import { createCell } from "../live/observable.ts";
import { createMemoryStorage } from "../storage/memory-storage.ts";
import { createSender } from "./create-sender.ts";
import { createOutbox, type UnsentMessage } from "./outbox.ts";

const signal = new AbortController().signal;

function setup(answers: Array<Error | undefined>) {
  const outbox = createOutbox(createMemoryStorage(), "usr_1");
  const unsent = createCell<readonly UnsentMessage[]>([]);
  const attempts: string[] = [];
  const waits: number[] = [];
  let takenWhileShown = true;
  const sender = createSender({
    outbox,
    unsent,
    send: async (message) => {
      attempts.push(message.messageId);
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
    },
    onTaken: async () => {
      takenWhileShown &&= unsent.get().length > 0;
    },
    waitAfter: async (failures) => {
      waits.push(failures);
    },
  });
  outbox.put({ messageId: "a", text: "one", writtenAtMs: 1 });
  outbox.put({ messageId: "b", text: "two", writtenAtMs: 2 });
  return { outbox, unsent, attempts, waits, sender, wasAlwaysShown: () => takenWhileShown };
}

const LOST = new ApiError("unreachable", 0, "The runtime does not answer.");

test("sends in order, and shows a message until the history does", async () => {
  const { sender, attempts, unsent, wasAlwaysShown } = setup([]);
  await sender.flush(signal);
  expect(attempts).toEqual(["a", "b"]);
  expect(unsent.get()).toEqual([]);
  expect(wasAlwaysShown()).toBe(true);
});

test("repeats a message whose answer was lost under the same id, before the next one", async () => {
  const { sender, attempts, waits } = setup([LOST, new ApiError("unavailable", 503, "Later.")]);
  await sender.flush(signal);
  expect(attempts).toEqual(["a", "a", "a", "b"]);
  expect(waits).toEqual([1, 2]);
});

test("keeps a refused message with the reason and goes on with the next", async () => {
  const { sender, attempts, unsent } = setup([
    new ApiError("too_large", 413, "That is too large."),
  ]);
  await sender.flush(signal);
  expect(attempts).toEqual(["a", "b"]);
  expect(unsent.get()).toMatchObject([{ messageId: "a", refusal: "That is too large." }]);
  await sender.flush(signal);
  expect(attempts).toEqual(["a", "b"]);
});

test("keeps everything when the page is no longer logged in", async () => {
  const { sender, outbox } = setup([new ApiError("unauthenticated", 401, "Log in.")]);
  await expect(sender.flush(signal)).rejects.toMatchObject({ status: 401 });
  expect(outbox.list()).toHaveLength(2);
});

test("two calls at once send each message once", async () => {
  const { sender, attempts } = setup([]);
  await Promise.all([sender.flush(signal), sender.flush(signal)]);
  expect(attempts).toEqual(["a", "b"]);
});

test("does not sit out its wait once the connection is back", async () => {
  const outbox = createOutbox(createMemoryStorage(), "usr_1");
  outbox.put({ messageId: "a", text: "one", writtenAtMs: 1 });
  const answers: Array<Error | undefined> = [LOST];
  let waiting: () => void = () => undefined;
  const isWaiting = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const sender = createSender({
    outbox,
    unsent: createCell<readonly UnsentMessage[]>([]),
    send: async () => {
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
    },
    onTaken: async () => undefined,
    waitAfter: (_failures, until) =>
      new Promise((_, reject) => {
        until.addEventListener("abort", () => reject(until.reason));
        waiting();
      }),
  });
  const flushed = sender.flush(signal);
  await isWaiting;
  await sender.flush(signal);
  await flushed;
  expect(outbox.list()).toEqual([]);
});
