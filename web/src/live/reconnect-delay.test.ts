import { expect, test } from "vitest";
import { reconnectDelayMs } from "./reconnect-delay.ts";

test("doubles from half a second", () => {
  expect([1, 2, 3, 4].map((failures) => reconnectDelayMs(failures, 0.5))).toEqual([
    500, 1000, 2000, 4000,
  ]);
});

test("never waits longer than twenty seconds, however often it failed", () => {
  expect(reconnectDelayMs(1_000_000, 1)).toBeLessThan(20_000);
});

test("spreads pages that failed together", () => {
  expect(reconnectDelayMs(3, 0)).toBe(1500);
  expect(reconnectDelayMs(3, 1)).toBe(2500);
});
