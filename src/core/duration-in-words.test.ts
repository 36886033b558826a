import { expect, test } from "vitest";
import { durationInWords } from "./duration-in-words.ts";

test.each([
  [-3, "0 ms"],
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 s"],
  [1_349, "1.3 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min"],
  [125_000, "2 min 5 s"],
  [3_600_000, "1 h"],
  [10_920_000, "3 h 2 min"],
])("%d ms is %s", (durationMs, words) => {
  expect(durationInWords(durationMs)).toBe(words);
});
