/** Where a piece of work has got to, in money. */
export interface SpentRounds {
  /** What each finished call of the model cost, in millionths of a dollar, in their order. */
  readonly costsMicroUsd: readonly number[];
  /** The most the next call can cost; it has to fit whole. */
  readonly neededMicroUsd: number;
  /** Calls its limits leave it. */
  readonly roundsLeft: number;
}

export interface Forecast {
  /** Calls it likely still makes. */
  readonly rounds: number;
  /** What these likely cost. */
  readonly costMicroUsd: number;
  /** What has to be free for them: they cost less than is put aside for each. */
  readonly neededMicroUsd: number;
}

/**
 * How much a piece of work likely still needs. Nobody knows how long it goes on, so it is expected to go on as long as
 * it has; each call costs as much more than the one before as its calls did on average, since it is told all of them.
 */
export function forecastSpend({
  costsMicroUsd,
  neededMicroUsd,
  roundsLeft,
}: SpentRounds): Forecast {
  const known = costsMicroUsd.length;
  const rounds = Math.max(1, Math.min(known, roundsLeft));
  const last = costsMicroUsd.at(-1) ?? neededMicroUsd;
  const first = costsMicroUsd[0] ?? last;
  const growth = known > 1 ? Math.max(0, (last - first) / (known - 1)) : 0;
  const costs = Array.from({ length: rounds }, (_, index) => last + growth * (index + 1));
  const beforeLast = sumOf(costs.slice(0, -1));
  return {
    rounds,
    costMicroUsd: Math.ceil(sumOf(costs)),
    neededMicroUsd: Math.ceil(beforeLast + neededMicroUsd + growth * (rounds - 1)),
  };
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
