/** Made when first needed: it takes milliseconds that every start would pay. */
let segmenter: Intl.Segmenter | undefined;
/** The last grapheme border at or before `end`, after `start`; inside a grapheme only when it alone is longer. */
export function cutBetweenGraphemes(text: string, start: number, end: number): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  // Whether a grapheme ends at `end` is decided by the one code point after it.
  const part = segmenter.segment(text.slice(start, end + 2));
  const border = part.containing(end - start)?.index ?? end - start;
  return border > 0 ? start + border : lastCodePoint(text, start, end);
}

function lastCodePoint(text: string, start: number, end: number): number {
  const at = isLowSurrogate(text, end) ? end - 1 : end;
  if (at > start) return at;
  return isLowSurrogate(text, start + 1) ? start + 2 : start + 1;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
