const MOST_NAMES = 3;
const LONGEST_WORD = 32;

/** Those of `names` that `word` may have been meant as, the most likely first, at most three. */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  if (word.length > LONGEST_WORD) return [];
  const near = names.flatMap((name) => {
    const isBeginning = word.length >= 2 && (name.startsWith(word) || word.startsWith(name));
    const distance = isBeginning ? 1 : editDistance(word, name);
    return distance <= Math.max(1, Math.floor(name.length / 2)) ? [{ name, distance }] : [];
  });
  near.sort((a, b) => a.distance - b.distance);
  return near.slice(0, MOST_NAMES).map(({ name }) => name);
}

/** Letters put in, left out, replaced, or two neighbours swapped (Damerau-Levenshtein, optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let least = Math.min(
        at(last, column - 1) + (isSame ? 0 : 1),
        at(last, column) + 1,
        at(current, column - 1) + 1,
      );
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && isSwapped)
        least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
