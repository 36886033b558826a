import { layOut } from "../../core/rich-text/lay-out.ts";
import { isAddressOf } from "../../core/rich-text/lay-out-inlines.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { isSafeUrl } from "../../core/rich-text/safe-url.ts";
import { NO_STYLE, type Span, type SpanStyle } from "../../core/rich-text/span.ts";
import { withoutSentenceEnd } from "../../core/rich-text/without-sentence-end.ts";
import { writeButtons } from "./button-lines.ts";

/** Shorter than half a message, so that none is cut in two. */
const LONGEST_URL = 500;
const ADDRESSES = /https?:\/\/[^\s<>"\p{C}]+/giu;
/** A label that a person could take for the place it leads to. */
const LIKE_AN_ADDRESS = /:\/\/|@|[\p{L}\p{N}-][.。．｡][\p{L}\p{N}]{2}/u;

/**
 * `body` in the styles that Discord can show: buttons are lines, every address is a span of its own (so that none opens
 * a preview), and a link hides its address only behind a label that cannot be taken for another one.
 */
export function layOutForDiscord(body: RichText): readonly Span[] {
  const spans = layOut(body.flatMap(writeButtons), {
    as: "styled",
    quotesCode: true,
    longestUrl: LONGEST_URL,
  });
  const written = breakAroundQuotes(writeLinks(spans)).map(withoutBrokenCode);
  return join(written).flatMap(findAddresses);
}

/** A quote has its lines to itself: one that begins or ends within a line, as in a list item, breaks it there. */
function breakAroundQuotes(spans: readonly Span[]): readonly Span[] {
  return spans.flatMap((span, index) => {
    const before = spans[index - 1];
    if (before === undefined || before.style.quote === span.style.quote) return [span];
    const isBroken =
      span.style.quote === undefined
        ? span.style.pre === undefined && span.text.startsWith("\n")
        : /\n *$/.test(before.text);
    return isBroken ? [span] : [{ text: "\n", style: NO_STYLE }, span];
  });
}

/** A code span cannot hold what ends it. */
function withoutBrokenCode(span: Span): Span {
  if (span.style.code === undefined || !span.text.includes("`")) return span;
  const { code, ...style } = span.style;
  return { text: span.text, style };
}

function writeLinks(spans: readonly Span[]): readonly Span[] {
  const written: Span[] = [];
  for (let at = 0; at < spans.length; ) {
    const link = spans[at]?.style.link;
    let end = at + 1;
    while (link !== undefined && spans[end]?.style.link === link) end += 1;
    const label = spans.slice(at, end);
    written.push(...(link === undefined ? label : writeLink(link, label)));
    at = end;
  }
  return written;
}

function writeLink(link: string, label: readonly Span[]): readonly Span[] {
  const text = label.map((span) => span.text).join("");
  const url = toDestination(link);
  const isWeb = /^https?:/i.test(link) && url.length <= LONGEST_URL;
  if (isWeb && canHide(text)) {
    return label.map((span) => ({ ...span, style: { ...span.style, link: url } }));
  }
  const plain = label.map(({ text: piece, style: { link: _, ...style } }) => ({
    text: piece,
    style,
  }));
  if (text.trim() === link || (!isWeb && isAddressOf(link, text.trim()))) return plain;
  const around = quoteOf(label[0]?.style);
  const address = canStandAlone(link) ? addressSpan(link, around) : { text: link, style: around };
  return [...plain, { text: " (", style: around }, address, { text: ")", style: around }];
}

function canHide(label: string): boolean {
  const seen = label.normalize("NFKC").replace(/\p{C}/gu, "");
  return !/[[\]]/.test(seen) && !LIKE_AN_ADDRESS.test(seen) && /[\p{L}\p{N}\p{S}]/u.test(seen);
}

/** Round brackets and backslashes would end it early, and names that call everybody do so in an address too. */
function toDestination(url: string): string {
  return url.replace(/[()\\]|@(?=everyone|here)/gi, (one) =>
    one === "\\" ? "%5C" : `%${one.charCodeAt(0).toString(16)}`,
  );
}

/** Neighbours of one style become one span, so that no markup can hide in the seam between them. */
function join(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || !isSameStyle(last.style, span.style)) joined.push(span);
    else joined[joined.length - 1] = { text: last.text + span.text, style: last.style };
  }
  return joined;
}

function isSameStyle(one: SpanStyle, other: SpanStyle): boolean {
  return (
    one.bold === other.bold &&
    one.italic === other.italic &&
    one.code === other.code &&
    one.quote === other.quote &&
    one.link === other.link &&
    one.address === other.address &&
    one.pre === other.pre
  );
}

function findAddresses(span: Span): readonly Span[] {
  const { text, style } = span;
  const { code, pre, link, address: isAddress } = style;
  if ([code, pre, link, isAddress].some((value) => value !== undefined)) return [span];
  const spans: Span[] = [];
  let done = 0;
  for (const { index, 0: found } of text.matchAll(ADDRESSES)) {
    const address = withoutSentenceEnd(found);
    if (!canStandAlone(address)) continue;
    if (index > done) spans.push({ text: text.slice(done, index), style });
    spans.push(addressSpan(address, style));
    done = index + address.length;
  }
  if (done < text.length) spans.push({ text: text.slice(done), style });
  return spans;
}

function canStandAlone(address: string): boolean {
  return /^https?:/i.test(address) && address.length <= LONGEST_URL && isSafeUrl(address);
}

/** Names that call everybody do so in an address too. */
function addressSpan(address: string, style: SpanStyle): Span {
  const text = address.replace(/@(?=everyone|here)/gi, "%40");
  return { text, style: { ...quoteOf(style), address: true } };
}

function quoteOf(style: SpanStyle | undefined): SpanStyle {
  return style?.quote === undefined ? {} : { quote: true };
}
