import { expect, test } from "vitest";
import { timeLeft } from "./use-time-left.ts";

test("counts minutes and seconds, and then it is over", () => {
  expect(timeLeft(600, 0)).toBe("10:00");
  expect(timeLeft(600, 55_001)).toBe("9:05");
  expect(timeLeft(600, 599_999)).toBe("0:01");
  expect(timeLeft(600, 600_000)).toBeUndefined();
  expect(timeLeft(600, 9_999_999)).toBeUndefined();
});
