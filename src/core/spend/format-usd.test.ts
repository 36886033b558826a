import { expect, test } from "vitest";
import { formatUsd } from "./format-usd.ts";

test.each([
  [0, "$0.00"],
  [1, "$0.000001"],
  [4_200, "$0.0042"],
  [500_000, "$0.50"],
  [1_234_567, "$1.234567"],
  [5_000_000, "$5.00"],
  [12_345_000_000, "$12345.00"],
  [-4_200, "-$0.0042"],
])("%i millionths of a dollar are shown whole: %s", (microUsd, text) => {
  expect(formatUsd(microUsd)).toBe(text);
});
