import { withoutOpenWord } from "./without-open-word.ts";

/** Made when first needed: it takes milliseconds that every start would pay. */
let segmenter: Intl.Segmenter | undefined;

/**
 * One line of at most `length` characters as a person counts them; whitespace collapsed, `…` where it was cut. No half of
 * a secret stands before that.
 */
export function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/gu, " ").trim();
  if (line.length <= length) return line;
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let kept = "";
  let end = 0;
  let count = 0;
  for (const { segment, index } of segmenter.segment(line)) {
    count += 1;
    if (count > length) return `${withoutOpenWord(kept).trimEnd()}…`;
    if (count < length) {
      end = index + segment.length;
      kept = line.slice(0, end);
    }
  }
  return line;
}
