import { expect } from "vitest";
import type { CrashPlan } from "./program-protocol.ts";
import { createRandom } from "./random.ts";

/** Of dying at a passing, day by day. What is passed once a day is met at last. */
const ODDS = [0.3, 0.3, 0.3, 1];

export interface Killing {
  readonly seed: number;
  /** Lives a day as planned, checks it, and says where the process was killed. */
  readonly live: (plan: CrashPlan) => Promise<readonly string[]>;
  /** Where else the process must die for a side to be passed at all. */
  readonly onTheWayTo?: (side: string) => readonly string[];
}

export function sidesOf(seams: readonly string[]): readonly string[] {
  return seams.flatMap((seam) => [`before ${seam}`, `after ${seam}`]);
}

/** Every side in one of `count` shares; the two sides of a seam never in the same. */
export function shareOut(
  seams: readonly string[],
  count: number,
  seed: number,
): readonly (readonly string[])[] {
  const random = createRandom(seed);
  const homes = seams.map(() => Math.floor(random() * count));
  const shareOf = (n: number) => ((homes[n >> 1] ?? 0) + (n % 2) * (count / 2)) % count;
  const sides = sidesOf(seams);
  return Array.from({ length: count }, (_, share) =>
    sides.filter((_side, n) => shareOf(n) === share),
  );
}

/** Kills the process at the first passing of all sides in one day. A death elsewhere can take a passing away that comes only once; such a side gets a day of its own. */
export async function killAtAll(sides: readonly string[], killing: Killing): Promise<void> {
  const killed = await killing.live({ sides, odds: 1, seed: killing.seed });
  for (const side of sides.filter((one) => !killed.includes(one))) await killAt(side, killing);
}

export async function killAt(
  side: string,
  { live, seed, onTheWayTo = () => [] }: Killing,
): Promise<void> {
  const sides = [...onTheWayTo(side), side];
  expect((await live({ sides, odds: 1, seed })).toSorted()).toEqual(sides.toSorted());
}

/** Kills the process at later passings of all sides, as chance will have it. */
export async function killLater(sides: readonly string[], killing: Killing): Promise<void> {
  let left = sides;
  for (const [round, odds] of ODDS.entries()) {
    if (left.length === 0) break;
    const killed = await killing.live({ sides: left, odds, seed: killing.seed + round });
    left = left.filter((side) => !killed.includes(side));
  }
  for (const side of left) await killAt(side, killing);
}
