import { formatModelRef, type ModelRef } from "../core/model/model-ref.ts";
import type { ListedPrice } from "./listed-price.ts";
import { PRICES_2026_11_21 } from "./prices-2026-11-21.ts";

export interface TokenCount {
  /** All of it, kept and new. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

export interface FoundPrice {
  readonly price: ListedPrice;
  /** False: nobody listed the model, and this is what its provider's dearest costs. */
  readonly isListed: boolean;
}

export interface Prices {
  find(ref: ModelRef): FoundPrice;
}

export type PriceTable = Readonly<Record<string, ListedPrice>>;

const FREE: ListedPrice = { input: 0, output: 0 };
/** `-2026-03-05`, `-20251101`: an edition costs what its model costs. */
const EDITION = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * The listed prices with `own` over them, both by `provider/model`. A model on this machine costs nothing, unless it is
 * among `own`: what answers there may pass it on to somebody who charges for it.
 */
export function createPrices(
  own: PriceTable = {},
  isHere: (ref: ModelRef) => boolean = () => false,
): Prices {
  const owns = new Map(Object.entries(own));
  const table = new Map([...Object.entries(PRICES_2026_11_21), ...owns]);
  return {
    find(ref) {
      if (ref.provider === "offline") return { price: FREE, isListed: true };
      const name = formatModelRef(ref);
      const price = priceIn(owns, name) ?? (isHere(ref) ? FREE : priceIn(table, name));
      if (price !== undefined) return { price, isListed: true };
      return { price: dearestOf(table, `${ref.provider}/`), isListed: false };
    },
  };
}

function priceIn(table: ReadonlyMap<string, ListedPrice>, name: string): ListedPrice | undefined {
  return table.get(name) ?? table.get(name.replace(EDITION, ""));
}

/** The highest rate of each kind among the provider's models, nothing of it kept; among all models when it has none. */
function dearestOf(table: ReadonlyMap<string, ListedPrice>, prefix: string): ListedPrice {
  const all = [...table];
  const own = all.filter(([name]) => name.startsWith(prefix));
  const prices = (own.length > 0 ? own : all).map(([, price]) => price);
  const rates = prices.flatMap(({ long, ...usual }) =>
    long === undefined ? usual : [usual, long],
  );
  return {
    input: Math.max(...rates.map(({ input }) => input)),
    cacheWrite: Math.max(...rates.map(({ input, cacheWrite = input }) => cacheWrite)),
    output: Math.max(...rates.map(({ output }) => output)),
  };
}

/** Millionths of a dollar. Rounded up, so that no call is free by rounding. */
export function costMicroUsd(price: ListedPrice, tokens: TokenCount): number {
  const rates =
    price.long !== undefined && tokens.inputTokens > price.long.above ? price.long : price;
  const { cachedInputTokens: cached, cacheWriteTokens: written } = tokens;
  const plain = Math.max(0, tokens.inputTokens - cached - written);
  const cost =
    plain * rates.input +
    cached * (rates.cachedInput ?? rates.input) +
    written * (rates.cacheWrite ?? rates.input) +
    tokens.outputTokens * rates.output;
  return Math.ceil(cost);
}

/** The most a call can cost that sends `inputTokens` and is answered with `outputTokens`: nothing is kept, all of it is written. */
export function mostMicroUsd(
  price: ListedPrice,
  { inputTokens, outputTokens }: Pick<TokenCount, "inputTokens" | "outputTokens">,
): number {
  const dearInput = { inputTokens, outputTokens, cachedInputTokens: 0 };
  return Math.max(
    costMicroUsd(price, { ...dearInput, cacheWriteTokens: inputTokens }),
    costMicroUsd(price, { ...dearInput, cacheWriteTokens: 0 }),
  );
}
