const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ASCII = /^[\u0020-\u007e]*$/u;
/** Scripts and pictures that take two columns. */
const WIDE =
  /\p{Emoji_Presentation}|\p{RI}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal `line` takes, as most of them count. */
export function textColumns(line: string): number {
  if (ASCII.test(line)) return line.length;
  let columns = 0;
  for (const { segment } of GRAPHEMES.segment(line)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}
