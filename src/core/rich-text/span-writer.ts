import { cleanText, NO_STYLE, type Span, type SpanStyle } from "./span.ts";

/** Where a block stands: what each of its further lines begins with, and the style around it. */
export interface Frame {
  readonly indent: string;
  readonly style: SpanStyle;
}

/** Collects spans. A break is only written when something follows it, so no text begins or ends with one. */
export interface SpanWriter {
  readonly spans: readonly Span[];
  write(raw: string, style: SpanStyle, indent: string): void;
  breakLine(frame: Frame): void;
  breakParagraph(frame: Frame): void;
}

export const QUOTED: SpanStyle = { quote: true };

export function createSpanWriter(): SpanWriter {
  const spans: Span[] = [];
  let gap = "";

  /** A break belongs to the quote only when the quote goes on after it; a code block starts at the margin. */
  function writeGap(next: SpanStyle): void {
    const isQuoted = next.quote === true && spans.at(-1)?.style.quote === true;
    const text = next.pre === undefined ? gap : gap.replace(/[^\n]/g, "");
    spans.push({ text, style: isQuoted ? QUOTED : NO_STYLE });
  }

  return {
    spans,
    write(raw, style, indent) {
      const text = cleanText(raw);
      if (text === "") return;
      if (gap !== "" && spans.length > 0) writeGap(style);
      gap = "";
      spans.push({ text: indent === "" ? text : text.replaceAll("\n", `\n${indent}`), style });
    },
    breakLine(frame) {
      gap = `\n${frame.indent}`;
    },
    breakParagraph(frame) {
      gap = `\n${frame.indent.trimEnd()}\n${frame.indent}`;
    },
  };
}
