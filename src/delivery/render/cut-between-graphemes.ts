/** Made when first needed: it takes milliseconds that every start would pay. */
let segmenter: Intl.Segmenter | undefined;
/** Few graphemes are longer, and segmenting a whole part for each cut is slow. */
const WINDOW = 256;

/** The last grapheme border at or before `end`, after `start`; inside a grapheme only when it alone is longer. */
export function cutBetweenGraphemes(text: string, start: number, end: number): number {
  const near = Math.max(start, end - WINDOW);
  const windowStart = isLowSurrogate(text, near) ? near - 1 : near;
  return (
    lastBorder(text, windowStart, end) ??
    lastBorder(text, start, end) ??
    lastCodePoint(text, start, end)
  );
}

/** `undefined`: one grapheme fills all of `from` to `end`, as far as can be seen from there. */
function lastBorder(text: string, from: number, end: number): number | undefined {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  // Whether a grapheme ends at `end` is decided by the one code point after it.
  let border = 0;
  for (const { index } of segmenter.segment(text.slice(from, end + 2))) {
    if (from + index > end) break;
    border = index;
  }
  return border > 0 ? from + border : undefined;
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
