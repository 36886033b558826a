import { expect, it } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { createEventStream, formatEvent } from "./event-stream.ts";

function setup() {
  const clock = createFakeClock();
  const waiting: string[] = [];
  const stop = new AbortController();
  const state = { subscribers: 0, isAllowed: true, taken: 0 };
  let ring = (): void => undefined;
  const response = createEventStream(
    {
      async next() {
        const text = waiting.shift();
        if (text !== undefined) state.taken += 1;
        return text;
      },
      async verify() {
        if (!state.isAllowed) throw new Error("the session has ended");
      },
      subscribe(onNews) {
        state.subscribers += 1;
        ring = onNews;
        return () => {
          state.subscribers -= 1;
        };
      },
    },
    clock,
    stop.signal,
  );
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  return {
    clock,
    state,
    stop,
    reader,
    say(text: string) {
      waiting.push(text);
      ring();
    },
    read: async () => {
      const { done, value } = await reader.read();
      return done ? undefined : new TextDecoder().decode(value);
    },
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("writes an event as the format wants it", () => {
  expect(formatEvent({ id: 7, name: "change", data: { a: "x\ny" } })).toBe(
    'id: 7\nevent: change\ndata: {"a":"x\\ny"}\n\n',
  );
  expect(formatEvent({ name: "draft", data: 1 })).toBe("event: draft\ndata: 1\n\n");
});

it("takes nothing from its source before the reader asks for it", async () => {
  const { state, say, read } = setup();
  for (let number = 0; number < 1_000; number += 1) say(`${number}`);
  await settle();
  expect(state.taken).toBe(0);
  expect([await read(), await read()]).toEqual(["0", "1"]);
  await settle();
  expect(state.taken).toBeLessThanOrEqual(3);
});

it("cuts a reader that takes nothing for 30 seconds, and lets go of everything", async () => {
  const { clock, state, say, read, reader } = setup();
  say("one");
  expect(await read()).toBe("one");
  say("two");
  clock.advance(29_000);
  await settle();
  expect(state.subscribers).toBe(1);
  clock.advance(1_000);
  await settle();
  expect(state.subscribers).toBe(0);
  await expect(reader.read()).rejects.toThrow("takes nothing");
});

it("says that it lives when there is no news, and ends when its reader may no longer read", async () => {
  const { clock, state, read } = setup();
  const quiet = read();
  await settle();
  clock.advance(10_000);
  expect(await quiet).toBe(": still here\n\n");
  state.isAllowed = false;
  const end = read();
  await settle();
  clock.advance(10_000);
  expect(await end).toBeUndefined();
  expect(state.subscribers).toBe(0);
});

it("says that it ends when the service stops, and ends when the reader goes away", async () => {
  const first = setup();
  const waiting = first.read();
  await settle();
  first.stop.abort();
  expect(await waiting).toBe(": the service ends this stream\n\n");
  expect(await first.read()).toBeUndefined();
  expect(first.state.subscribers).toBe(0);
  const second = setup();
  await second.reader.cancel();
  expect(second.state.subscribers).toBe(0);
});
