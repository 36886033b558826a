import type { Span, SpanStyle } from "../../core/rich-text/span.ts";

export interface Tag {
  readonly open: string;
  readonly close: string;
  /** How much both count for together. */
  readonly counted: number;
}

/** How a channel writes styles down, as characters. */
export interface Markup {
  /** The tags of a style, the outermost first. */
  tagsOf(style: SpanStyle): readonly Tag[];
  escape(style: SpanStyle, text: string): string;
  /** How much one UTF-16 code unit of such text counts for at most. */
  countedLength(style: SpanStyle, codeUnit: number): number;
}

/** No format at all: every style is told by characters the text has already. */
export const NO_MARKUP: Markup = {
  tagsOf: () => [],
  escape: (_style, text) => text,
  countedLength: () => 1,
};

/** What stands between two neighbours: the close of what ends and the open of what begins. */
function tagsBetween(from: readonly Tag[], to: readonly Tag[]): string {
  const shared = countShared(from, to);
  return closeOf(from.slice(shared)) + openOf(to.slice(shared));
}

/** How much the tags count for that begin between two neighbours, with their ends. */
export function countOpened(from: readonly Tag[], to: readonly Tag[]): number {
  return to.slice(countShared(from, to)).reduce((sum, { counted }) => sum + counted, 0);
}

function countShared(from: readonly Tag[], to: readonly Tag[]): number {
  let shared = 0;
  while (shared < from.length && isSameTag(from[shared], to[shared])) shared += 1;
  return shared;
}

function isSameTag(one: Tag | undefined, other: Tag | undefined): boolean {
  return one?.open === other?.open && one?.close === other?.close;
}

function closeOf(tags: readonly Tag[]): string {
  return tags
    .map((tag) => tag.close)
    .toReversed()
    .join("");
}

function openOf(tags: readonly Tag[]): string {
  return tags.map((tag) => tag.open).join("");
}

/** The spans with every tag opened and closed. */
export function writeSpans(spans: readonly Span[], markup: Markup): string {
  let text = "";
  let tags: readonly Tag[] = [];
  for (const span of spans) {
    const next = markup.tagsOf(span.style);
    text += tagsBetween(tags, next) + markup.escape(span.style, span.text);
    tags = next;
  }
  return text + closeOf(tags);
}
