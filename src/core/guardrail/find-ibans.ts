import type { Stretch } from "./stretch.ts";

/** Also after a line break that stands as `\n` in JSON. */
const BEGINNING = /(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt]))[A-Za-z]{2}\d{2}/g;
const BETWEEN = /[ \u00a0\u2009\u202f\t\n.\-\u2010-\u2015]/;
const SIGN = /[A-Za-z0-9]/;

/** How long the numbers of a country are. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    15: "NO",
    16: "BE",
    18: "DK FK FI FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
  }).flatMap(([length, countries]) =>
    countries.split(" ").map((country) => [country, Number(length)] as const),
  ),
);

/** Numbers of bank accounts whose check digits are right, however they are grouped. Linear in the length of `text`. */
export function findIbans(text: string): Stretch[] {
  const found: Stretch[] = [];
  for (const { index: start, 0: beginning } of text.matchAll(BEGINNING)) {
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const length = LENGTHS.get(beginning.slice(0, 2).toUpperCase());
    const end = length === undefined ? undefined : endOfNumber(text, start, length);
    if (end !== undefined && hasCheckDigits(text.slice(start, end))) found.push({ start, end });
  }
  return found;
}

/** Where `length` letters and digits end that nothing but grouping parts; `undefined`: they do not. */
function endOfNumber(text: string, start: number, length: number): number | undefined {
  let at = start;
  for (let count = 0; count < length; count += 1) {
    if (count > 0 && BETWEEN.test(text[at] ?? "")) at += 1;
    if (!SIGN.test(text[at] ?? "")) return undefined;
    at += 1;
  }
  return SIGN.test(text[at] ?? "") ? undefined : at;
}

/** The rest of 97, of the number with its first four signs last and letters as 10 to 35, is 1. */
function hasCheckDigits(grouped: string): boolean {
  const signs = [...grouped].filter((sign) => SIGN.test(sign));
  let rest = 0;
  for (const sign of [...signs.slice(4), ...signs.slice(0, 4)]) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
