import { describe, expect, test } from "vitest";
import type { ListedPrice } from "./listed-price.ts";
import { costMicroUsd, createPrices } from "./prices.ts";

const PRICE: ListedPrice = {
  input: 2,
  cachedInput: 0.2,
  cacheWrite: 2.5,
  output: 10,
  long: { above: 1_000, input: 4, cachedInput: 0.4, output: 15 },
};
const NONE = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

describe("a call", () => {
  test("costs each kind of its tokens at the rate of that kind", () => {
    const tokens = { inputTokens: 900, cachedInputTokens: 500, cacheWriteTokens: 100 };
    expect(costMicroUsd(PRICE, { ...tokens, outputTokens: 10 })).toBe(600 + 100 + 250 + 100);
  });

  test("that is longer than the provider's bound costs more as a whole", () => {
    expect(costMicroUsd(PRICE, { ...NONE, inputTokens: 1_000 })).toBe(2_000);
    expect(costMicroUsd(PRICE, { ...NONE, inputTokens: 1_001, outputTokens: 1 })).toBe(4_019);
  });

  test("is rounded up, and none is free by rounding", () => {
    expect(costMicroUsd(PRICE, { ...NONE, inputTokens: 1, cachedInputTokens: 1 })).toBe(1);
  });
});

test("a model nobody listed costs the dearest of each kind of its provider, long calls among them", () => {
  const { find } = createPrices({
    "google/a": { input: 1_000, output: 1, long: { above: 5, input: 3_000, output: 2 } },
    "google/b": {
      input: 2_000,
      cacheWrite: 3_500,
      output: 4_000,
      long: { above: 5, input: 5, output: 5_000 },
    },
    "openai/c": { input: 90_000, output: 90_000 },
  });
  expect(find({ provider: "google", model: "new" })).toEqual({
    price: { input: 3_000, cacheWrite: 3_500, output: 5_000 },
    isListed: false,
  });
});

describe("a model on this machine", () => {
  const { find } = createPrices({ "openai/gpt-6-sol": PRICE }, () => true);
  test("costs nothing, whatever its name costs at its vendor", () => {
    for (const model of ["gpt-6-luna", "nobody-listed-it"]) {
      expect(find({ provider: "openai", model })).toEqual({
        price: { input: 0, output: 0 },
        isListed: true,
      });
    }
  });

  test("costs what the operator says it does: it may be passed on to who charges for it", () => {
    for (const model of ["gpt-6-sol", "gpt-6-sol-2026-11-21"]) {
      expect(find({ provider: "openai", model })).toEqual({ price: PRICE, isListed: true });
    }
  });
});
