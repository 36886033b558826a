import { cutBetweenGraphemes } from "./cut-between-graphemes.ts";
import type { LaidOut } from "./laid-out.ts";

/** The best end of a part that begins at `start`: a paragraph, a line, a word, a letter; code blocks whole if they fit. */
export function chooseCut(laidOut: LaidOut, start: number, limit: number): number {
  const end = laidOut.furthestEnd(start, limit);
  if (end >= laidOut.text.length) return laidOut.text.length;
  if (laidOut.isInCode(end)) return cutCode(laidOut, start, end, limit);
  // A border in the first half would leave a stub behind; a letter is the better place then.
  const lowest = start + Math.ceil((end - start) / 2);
  return (
    findBorder(laidOut, end, lowest, isParagraphBorder) ??
    findBorder(laidOut, end, lowest, isLineBorder) ??
    findBorder(laidOut, end, lowest, isWordBorder) ??
    cutBetweenGraphemes(laidOut.text, start, end)
  );
}

function cutCode(laidOut: LaidOut, start: number, end: number, limit: number): number {
  const block = laidOut.runAt(end);
  const begins = block.start > start;
  if (begins && laidOut.furthestEnd(block.start, limit) >= block.end) return block.start;
  const first = begins ? block.start + 1 : start + Math.ceil((end - start) / 2);
  for (let at = end; at >= first; at -= 1) if (laidOut.text[at] === "\n") return at;
  if (begins) return block.start;
  for (let at = end; at >= first; at -= 1) if (isWordBorder(laidOut.text, at)) return at;
  return cutBetweenGraphemes(laidOut.text, start, end);
}

type IsBorder = (text: string, at: number) => boolean;

function findBorder(
  laidOut: LaidOut,
  highest: number,
  lowest: number,
  isBorder: IsBorder,
): number | undefined {
  for (let at = highest; at >= lowest; at -= 1) {
    if (isBorder(laidOut.text, at) && !laidOut.isInCode(at)) return at;
  }
  return undefined;
}

const isParagraphBorder: IsBorder = (text, at) => text[at] === "\n" && text[at + 1] === "\n";
const isLineBorder: IsBorder = (text, at) => text[at] === "\n";
const isWordBorder: IsBorder = (text, at) =>
  text[at] === " " || text[at] === "\t" || text[at] === "\n";
