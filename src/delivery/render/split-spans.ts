import type { Span } from "../../core/rich-text/span.ts";
import { chooseCut } from "./choose-cut.ts";
import { type LaidOut, layOutUnits } from "./laid-out.ts";
import type { Markup } from "./markup.ts";
import { VISIBLE } from "./visible.ts";

/**
 * Cuts spans into parts that count for at most `limit` when written with `markup`. Nothing is lost but white
 * space at the cuts; no part is empty. Code blocks stay whole where they fit.
 */
export function* splitSpans(
  spans: readonly Span[],
  markup: Markup,
  limit: number,
): Generator<readonly Span[]> {
  const laidOut = layOutUnits(spans, markup);
  let start = skipBlanks(laidOut, 0);
  while (start < laidOut.text.length) {
    const end = beforeAddress(laidOut, start, chooseCut(laidOut, start, limit));
    const part = sliceSpans(laidOut, start, trimEnd(laidOut.text, start, end));
    if (part.some((span) => VISIBLE.test(span.text))) yield part;
    start = skipBlanks(laidOut, end);
  }
}

/** Half an address is none. One that fills a part alone is cut all the same. */
function beforeAddress(laidOut: LaidOut, start: number, end: number): number {
  if (end >= laidOut.text.length) return end;
  const run = laidOut.runAt(end);
  return run.style.address !== undefined && run.start > start ? run.start : end;
}

/** Where the next part begins: blanks are dropped, but the indent of code is code. */
function skipBlanks(laidOut: LaidOut, from: number): number {
  const { text } = laidOut;
  let at = from;
  if (at > 0 && laidOut.isInCode(at) && text[at] === "\n") return at + 1;
  while (at < text.length && isBlank(text.charCodeAt(at)) && !laidOut.isCode(at)) at += 1;
  return at;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function isBlank(codeUnit: number): boolean {
  return codeUnit === 0x20 || codeUnit === 0x0a || codeUnit === 0x09;
}

function sliceSpans(laidOut: LaidOut, start: number, end: number): readonly Span[] {
  const spans: Span[] = [];
  for (let at = start; at < end; ) {
    const run = laidOut.runAt(at);
    const until = Math.min(run.end, end);
    spans.push({ text: laidOut.text.slice(at, until), style: run.style });
    at = until;
  }
  return spans;
}
