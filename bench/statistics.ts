/** The value below which a share of `values` lies, `share` from 0 to 1. @throws when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Rounded for people; the digits that are left are the ones that repeat. */
export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
