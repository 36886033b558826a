const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait after the n-th failure in a row (from 1): doubling, with a spread of a quarter either way. */
export function reconnectDelayMs(failures: number, random: number): number {
  const doubled = FIRST_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 10);
  return Math.round(Math.min(doubled, LONGEST_MS) * (0.75 + random / 2));
}
