import type { Inline } from "./rich-text.ts";
import { isSafeUrl } from "./safe-url.ts";
import type { SpanStyle } from "./span.ts";
import type { SpanWriter } from "./span-writer.ts";

export interface LayOutOptions {
  /**
   * `styled`: links, quotes and code blocks are styles; buttons are left to the caller.
   * `plain`: they are characters: `text (url)`, `> `, fences, `Label: /command`.
   */
  readonly as: "styled" | "plain";
  /** When styled, code within a quote stays in it. */
  readonly quotesCode?: true;
  /** A link with a longer address is written out as `text (url)`. */
  readonly longestUrl: number;
}

export interface LayingOut {
  readonly writer: SpanWriter;
  readonly options: LayOutOptions;
}

/** Writes inlines one after another, each in the style around it and its own. */
export function layOutInlines(
  inlines: readonly Inline[],
  style: SpanStyle,
  indent: string,
  to: LayingOut,
): void {
  for (const inline of inlines) layOutInline(inline, style, indent, to);
}

function layOutInline(inline: Inline, style: SpanStyle, indent: string, to: LayingOut): void {
  switch (inline.type) {
    case "text":
      to.writer.write(inline.text, style, indent);
      break;
    case "bold":
      layOutInlines(inline.inlines, { ...style, bold: true }, indent, to);
      break;
    case "italic":
      layOutInlines(inline.inlines, { ...style, italic: true }, indent, to);
      break;
    case "code":
      to.writer.write(inline.code, codeStyle(style), indent);
      break;
    case "link":
      layOutLink(inline.url, inline.inlines, style, indent, to);
      break;
  }
}

/** Code holds no other format (Telegram refuses it); within a link the link counts for more. */
function codeStyle(style: SpanStyle): SpanStyle {
  if (style.link !== undefined) return style;
  return style.quote === undefined ? { code: true } : { code: true, quote: true };
}

function layOutLink(
  url: string,
  inlines: readonly Inline[],
  style: SpanStyle,
  indent: string,
  to: LayingOut,
): void {
  if (!isSafeUrl(url) || style.link !== undefined) {
    layOutInlines(inlines, style, indent, to);
    return;
  }
  const isStyled = to.options.as === "styled" && url.length <= to.options.longestUrl;
  const linked = isStyled ? { ...style, link: url } : style;
  const start = to.writer.spans.length;
  layOutInlines(inlines, linked, indent, to);
  const label = to.writer.spans
    .slice(start)
    .map((span) => span.text)
    .join("")
    .trim();
  if (label === "") to.writer.write(url, linked, indent);
  else if (!isStyled && !isAddressOf(url, label)) to.writer.write(` (${url})`, style, indent);
}

/** Whether the label already says where the link goes. */
export function isAddressOf(url: string, label: string): boolean {
  return [label, `mailto:${label}`, `http://${label}`, `https://${label}`].includes(url);
}
