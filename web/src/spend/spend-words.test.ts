import { expect, test } from "vitest";
import { callWords, capWords } from "./spend-words.ts";

const cap = {
  of: "day",
  spent_micro_usd: 4_200,
  reserved_micro_usd: 90_000,
  cap_micro_usd: 5_000_000,
  raised_micro_usd: 0,
} as const;

test("a cap tells what is spent and put aside, and what was allowed on top", () => {
  expect(capWords(cap)).toBe("$0.0942 of $5.00");
  expect(capWords({ ...cap, raised_micro_usd: 500_000 })).toBe(
    "$0.0942 of $5.50, $0.50 of that allowed on top",
  );
  expect(capWords({ ...cap, cap_micro_usd: null })).toBe("$0.0942, without a cap");
});

test("one call is one", () => {
  expect(callWords(1)).toBe("1 call of a model");
  expect(callWords(0)).toBe("0 calls of a model");
});
