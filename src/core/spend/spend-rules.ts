import type { SpendCaps } from "./spend-scope.ts";

/** What people are told of money beside the sums. */
export interface SpendRules {
  readonly caps: SpendCaps;
  /** False of a model nobody listed a price of: it is counted at its provider's dearest. By its name in the usage rows. */
  isPriced(model: string): boolean;
}
