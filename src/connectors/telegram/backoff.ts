const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long to wait after the n-th failure in a row (1 is the first): 1 s doubling to 30 s, less up to half by chance. */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(full * (1 - random() / 2));
}
