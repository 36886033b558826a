/** How a stretch of text looks. The same object for the whole stretch, so that identity tells where it ends. */
export interface SpanStyle {
  readonly bold?: true;
  readonly italic?: true;
  readonly code?: true;
  readonly quote?: true;
  readonly link?: string;
  /** The text is an address and nothing else. */
  readonly address?: true;
  /** The language of a code block, or "" for none. */
  readonly pre?: string;
}

/** RichText laid out as one text: line breaks, bullets and indents are characters, the rest is style. */
export interface Span {
  readonly text: string;
  readonly style: SpanStyle;
}

export const NO_STYLE: SpanStyle = {};

const CONTROLS = /(?![\n\t])\p{Cc}/gu;

/** Text that every terminal, platform and JSON parser takes: whole surrogate pairs, `\n` and tabs, no other control. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROLS, "")
    .toWellFormed();
}
