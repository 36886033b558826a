import { editDistance } from "../core/edit-distance.ts";

const MOST_NAMES = 3;
const LONGEST_WORD = 32;

/** Those of `names` that `word` may have been meant as, the most likely first, at most three. */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  if (word.length > LONGEST_WORD) return [];
  const near = names.flatMap((name) => {
    const isBeginning = word.length >= 2 && (name.startsWith(word) || word.startsWith(name));
    const distance = isBeginning ? 1 : editDistance(word, name);
    return distance <= Math.max(1, Math.floor(name.length / 2))
      ? [{ name, distance, more: Math.abs(name.length - word.length) }]
      : [];
  });
  near.sort((a, b) => a.distance - b.distance || a.more - b.more);
  return near.slice(0, MOST_NAMES).map(({ name }) => name);
}
