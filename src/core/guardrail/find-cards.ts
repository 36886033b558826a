import type { Stretch } from "./stretch.ts";

const BETWEEN = String.raw`[ \u00a0\u2009\u202f\t\n.\-\u2010-\u2015]`;
const RUN = new RegExp(String.raw`\d(?:${BETWEEN}?\d){12,}`, "g");
const GROUP = /\d+/g;
const SHORTEST = 13;
const LONGEST = 19;
/** Smaller groups occur side by side in any table of numbers. */
const SMALLEST_GROUP = 3;

/** How numbers of cards begin, and how long they are. */
const ISSUERS: readonly (readonly [beginning: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4])/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14, 16]],
  [/^(?:6011|64[4-9]|65|62|60|8[12]|508|35(?:2[89]|[3-8]))/, [16, 17, 18, 19]],
  [/^(?:50(?:18|20|38)|5893|6304|67(?:59|6[1-3]))/, [13, 14, 15, 16, 17, 18, 19]],
];

/** Numbers of payment cards, however they are grouped. Linear in the length of `text`. */
export function findCards(text: string): Stretch[] {
  return [...text.matchAll(RUN)].flatMap(({ 0: run, index }) => findInRun(run, index));
}

function findInRun(run: string, offset: number): Stretch[] {
  const groups = [...run.matchAll(GROUP)].map(({ 0: digits, index }) => ({
    digits,
    start: offset + index,
  }));
  if (groups.every(({ digits }) => digits.length === 1)) {
    const isCard = isCardNumber(groups.map(({ digits }) => digits).join(""));
    return isCard ? [{ start: offset, end: offset + run.length }] : [];
  }
  const found: Stretch[] = [];
  let first = 0;
  while (first < groups.length) {
    const taken = cardAt(groups, first);
    const [start, last] = [groups[first]?.start, groups[first + taken - 1]];
    if (taken > 0 && start !== undefined && last !== undefined) {
      found.push({ start, end: last.start + last.digits.length });
    }
    first += Math.max(1, taken);
  }
  return found;
}

/** How many groups from `first` on are a number together, the most that are; 0: none. */
function cardAt(groups: readonly { readonly digits: string }[], first: number): number {
  let digits = "";
  let longest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const [at, group] of groups.slice(first, first + LONGEST).entries()) {
    digits += group.digits;
    smallest = Math.min(smallest, group.digits.length);
    if (digits.length > LONGEST || (at > 0 && smallest < SMALLEST_GROUP)) break;
    if (isCardNumber(digits)) longest = at + 1;
  }
  return longest;
}

function isCardNumber(digits: string): boolean {
  if (digits.length < SHORTEST || digits.length > LONGEST) return false;
  const isIssued = ISSUERS.some(
    ([beginning, lengths]) => lengths.includes(digits.length) && beginning.test(digits),
  );
  return isIssued && hasLuhnDigit(digits);
}

function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const weighed = at % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
