/** US dollars for a million tokens. What is not given costs as much as `input`. */
interface Rates {
  readonly input: number;
  readonly output: number;
  /** Of input that the provider has kept from an earlier call. */
  readonly cachedInput?: number | undefined;
  /** Of input that it keeps for later calls. */
  readonly cacheWrite?: number | undefined;
}

export interface ListedPrice extends Rates {
  /** Of a whole call whose input is longer than `above` tokens. */
  readonly long?: (Rates & { readonly above: number }) | undefined;
}
