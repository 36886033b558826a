/** More than this decides nothing about what a message is: who writes more has said it by then. */
const LOOKED_AT = 4_000;

/** A text as the keyword rules read it: lower case, one space between words, straight apostrophes, nothing invisible. */
export function normalizeText(text: string, lookedAt = LOOKED_AT): string {
  return text
    .slice(0, lookedAt)
    .toWellFormed()
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[’ʼ‘`´]/gu, "'")
    .replace(/\p{Cf}/gu, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
