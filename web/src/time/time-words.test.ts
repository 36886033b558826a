import { expect, test } from "vitest";
import { dayWords } from "./time-words.ts";

const NOON = new Date(2026, 2, 1, 12).getTime();
const at = (...parts: [number, number, number, number]) => new Date(...parts).toISOString();

test("names days as the reader counts them, across the end of a month", () => {
  expect(dayWords(at(2026, 2, 1, 0), NOON)).toBe("Today");
  expect(dayWords(at(2026, 1, 28, 23), NOON)).toBe("Yesterday");
  expect(dayWords(at(2026, 1, 27, 23), NOON)).toContain("27");
  expect(dayWords(at(2025, 2, 1, 12), NOON)).toContain("2025");
});
