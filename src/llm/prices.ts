/** What a model costs, in millionths of a dollar for a million tokens. */
export interface Price {
  readonly inputMicroUsd: number;
  readonly outputMicroUsd: number;
}

export interface TokenCount {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Prices {
  /** `undefined` when nobody said what this model costs. */
  find(model: string): Price | undefined;
}

const KNOWN: ReadonlyMap<string, Price> = new Map([
  ["offline", { inputMicroUsd: 0, outputMicroUsd: 0 }],
]);

/** The prices we know, by model id. */
export function createPrices(known: ReadonlyMap<string, Price> = KNOWN): Prices {
  return { find: (model) => known.get(model) };
}

/** Rounded up, so that no call is free by rounding. */
export function costMicroUsd(price: Price, tokens: TokenCount): number {
  const cost =
    price.inputMicroUsd * tokens.inputTokens + price.outputMicroUsd * tokens.outputTokens;
  return Math.ceil(cost / 1_000_000);
}
