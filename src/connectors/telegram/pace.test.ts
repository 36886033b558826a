import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPace, type Pace } from "./pace.ts";

const now = 4_000;
const take = (pace: Pace, chat: string, count: number, at = now) =>
  Array.from({ length: count }, () => pace.reserveSlot(chat, at) + at - now);

describe("the pace of a chat", () => {
  it("lets five go at once, then one a second", () => {
    expect(take(createPace(0, 1), "1", 8)).toEqual([0, 0, 0, 0, 0, 1_000, 2_000, 3_000]);
  });

  it("has a new burst after a rest", () => {
    const pace = createPace(0, 1);
    take(pace, "1", 5);
    expect(take(pace, "1", 3, now + 2_000)).toEqual([2_000, 2_000, 3_000]);
    expect(take(pace, "1", 6, now + 60_000)).toEqual([...Array(5).fill(60_000), 61_000]);
  });

  it("is its own: -123 is not 123", () => {
    const pace = createPace(0, 1);
    take(pace, "123", 9);
    expect(take(pace, "-123", 1)).toEqual([0]);
  });
});

describe("the pace of the bot", () => {
  it("never exceeds its rate over all chats, and leaves no slot empty", () => {
    const step = fc.record({ chat: fc.integer({ min: 1, max: 8 }), restMs: fc.nat(400) });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 1, max: 40 }),
        (steps, rate) => {
          const pace = createPace(rate, 0);
          let at = now;
          const slots = steps.map(({ chat, restMs }) => {
            at += restMs;
            const waitMs = pace.reserveSlot(`${chat}`, at);
            expect(waitMs).toBeGreaterThanOrEqual(0);
            return at + waitMs;
          });
          slots.sort((a, b) => a - b);
          // One more than the rate: the first and the last of a window may stand at its very edges.
          slots.forEach((slot, n) => {
            const later = slots[n + rate + 1] ?? Number.POSITIVE_INFINITY;
            expect(later - slot).toBeGreaterThanOrEqual(1_000 - Math.ceil(1_000 / rate));
          });
          expect((slots.at(-1) ?? now) - at).toBeLessThanOrEqual((slots.length * 1_000) / rate + 1);
        },
      ),
    );
  });

  it("does not let one busy chat hold up the others", () => {
    const pace = createPace(30, 1);
    expect(take(pace, "busy", 30).at(-1)).toBe(25_000);
    expect(take(pace, "quiet", 1)[0]).toBeLessThan(250);
  });

  it("of 0 is none", () => {
    expect(take(createPace(0, 0), "1", 100)).toEqual(Array(100).fill(0));
  });
});

describe("what is to spare", () => {
  const spare = (pace: Pace, chat: string, at = now) => pace.takeSpareSlot(chat, at);

  it("leaves three of the burst for replies, and counts with them", () => {
    const pace = createPace(0, 1);
    expect([1, 2, 3].map(() => spare(pace, "1"))).toEqual([true, true, false]);
    expect(spare(pace, "2")).toBe(true);
    expect(take(pace, "1", 4)).toEqual([0, 0, 0, 1_000]);
    expect(spare(pace, "1", now + 3_000)).toBe(false);
  });

  it("is one a second in a chat where nothing else is sent", () => {
    const pace = createPace(0, 1);
    const taken = Array.from({ length: 20 }, (_, n) => spare(pace, "1", now + n * 500));
    expect(taken.filter(Boolean)).toHaveLength(11);
  });

  it("is no slot of the bot that is taken already, and none that is still to come", () => {
    const pace = createPace(10, 0);
    expect(take(pace, "1", 2)).toEqual([0, 100]);
    expect(spare(pace, "2")).toBe(false);
    expect(spare(pace, "2", now + 100)).toBe(false);
    expect(spare(pace, "2", now + 200)).toBe(true);
    expect(take(pace, "1", 1, now + 200)).toEqual([300]);
  });

  it("is nothing while a chat rests", () => {
    const pace = createPace(0, 0);
    pace.pause("1", now + 1_000, now);
    expect([spare(pace, "1"), spare(pace, "2"), spare(pace, "1", now + 1_000)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

it("leaves a group room for replies within what it may be told a minute", () => {
  const pace = createPace(0, 0);
  const spare = (chat: string, at: number) => pace.takeSpareSlot(chat, now + at);
  take(pace, "-55", 5);
  const taken = Array.from({ length: 15 }, (_, n) => spare("-55", 4_000 * n));
  expect(taken.filter((isTaken) => isTaken)).toHaveLength(10);
  expect(spare("-55", 59_999)).toBe(false);
  expect(spare("-55", 60_000)).toBe(true);
  const inPrivate = Array.from({ length: 30 }, (_, n) => spare("55", 1_000 * n));
  expect(inPrivate.every((isTaken) => isTaken)).toBe(true);
});

describe("429", () => {
  it("rests the chat that was told, and the bot when a second one is told meanwhile", () => {
    const pace = createPace(0, 0);
    pace.pause("1", now + 7_000, now);
    expect(take(pace, "1", 1)).toEqual([7_000]);
    expect(take(pace, "2", 1)).toEqual([0]);
    expect([pace.isPaused("1", now), pace.isPaused("2", now)]).toEqual([true, false]);
    pace.pause("2", now + 9_000, now + 1_000);
    expect(take(pace, "3", 1, now + 1_000)).toEqual([9_000]);
    expect(pace.isPaused("3", now + 8_999)).toBe(true);
    expect(pace.isPaused("3", now + 9_000)).toBe(false);
  });

  it("told again to the same chat, or after the first is over, rests no other", () => {
    const pace = createPace(0, 0);
    pace.pause("1", now + 1_000, now);
    pace.pause("1", now + 2_000, now);
    pace.pause("2", now + 5_000, now + 2_000);
    expect(take(pace, "3", 1, now + 2_000)).toEqual([2_000]);
  });

  it("is never shortened by a later, smaller wait", () => {
    const pace = createPace(0, 0);
    pace.pause("1", now + 9_000, now);
    pace.pause("1", now + 1_000, now);
    expect(take(pace, "1", 1)).toEqual([9_000]);
  });
});

it("remembers at most ten thousand chats, the resting ones rather than the idle", () => {
  const pace = createPace(0, 1);
  pace.pause("resting", now + 60_000_000, now);
  for (let chat = 0; chat < 30_000; chat++) pace.reserveSlot(`${chat}`, now + chat * 100);
  expect(pace.size).toBeLessThanOrEqual(10_000);
  expect(pace.isPaused("resting", now + 3_000_000)).toBe(true);
});
