const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** One line of at most `length` characters as a person counts them; whitespace collapsed, `…` where it was cut. */
export function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/gu, " ").trim();
  if (line.length <= length) return line;
  let kept = "";
  let end = 0;
  let count = 0;
  for (const { segment, index } of SEGMENTER.segment(line)) {
    count += 1;
    if (count > length) return `${kept.trimEnd()}…`;
    if (count < length) {
      end = index + segment.length;
      kept = line.slice(0, end);
    }
  }
  return line;
}
