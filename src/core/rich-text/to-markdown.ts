import { commandDestination, escapeDestination, escapeMarkdown } from "./escape-markdown.ts";
import { fenceFor } from "./lay-out.ts";
import type { Block, Button, Inline, RichText } from "./rich-text.ts";
import { isSafeUrl } from "./safe-url.ts";
import { cleanText } from "./span.ts";

/** The hard break that `escapeMarkdown` writes. */
const BREAK = "\\\n";

/**
 * `body` as CommonMark and GFM for the page and the API. Plain text stays plain text; a button is a link
 * `[label](command:/…)`, percent-encoded.
 */
export function toMarkdown(body: RichText): string {
  return blocksToMarkdown(body);
}

function blocksToMarkdown(blocks: RichText): string {
  let listsBefore = 0;
  const texts: string[] = [];
  for (const block of blocks) {
    const text = blockToMarkdown(block, listsBefore % 2 === 1);
    if (text === "") continue;
    texts.push(text);
    listsBefore = block.type === "list" ? listsBefore + 1 : 0;
  }
  return texts.join("\n\n");
}

function blockToMarkdown(block: Block, isSecondList: boolean): string {
  switch (block.type) {
    case "paragraph":
      return paragraphToMarkdown(block.inlines);
    case "code-block":
      return codeBlockToMarkdown(block.language, block.code);
    case "list":
      return listToMarkdown(block.items, block.ordered, isSecondList);
    case "quote":
      return indentLines(blocksToMarkdown(block.blocks), "> ", "> ");
    case "buttons":
      return block.buttons.map(buttonToMarkdown).join(" ");
  }
}

function codeBlockToMarkdown(language: string, code: string): string {
  const text = cleanText(code).replace(/\n+$/, "");
  const fence = fenceFor(text);
  return `${fence}${/^[\w+#.-]*$/.test(language) ? language : ""}\n${text}\n${fence}`;
}

/** Lists that touch would merge; another bullet keeps them apart. */
function listToMarkdown(
  items: readonly RichText[],
  isOrdered: boolean,
  isSecondList: boolean,
): string {
  return items
    .map((item, index) => {
      const bullet = isOrdered
        ? `${index + 1}${isSecondList ? ")" : "."} `
        : isSecondList
          ? "* "
          : "- ";
      return indentLines(blocksToMarkdown(item), bullet, " ".repeat(bullet.length));
    })
    .join("\n");
}

function indentLines(text: string, first: string, others: string): string {
  return text
    .split("\n")
    .map((line, index) => `${index === 0 ? first : others}${line}`.trimEnd())
    .join("\n");
}

function buttonToMarkdown(button: Button): string {
  return `[${escapeMarkdown(oneLine(button.label), { isLineStart: true, isLabel: true })}](${commandDestination(button.command)})`;
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s*\n\s*/g, " ");
}

/** A blank line would end the paragraph, so its breaks are trimmed and its empty lines hold a break alone. */
function paragraphToMarkdown(inlines: readonly Inline[]): string {
  const text = inlinesToMarkdown(inlines, "");
  let start = 0;
  let end = text.length;
  while (text.startsWith(BREAK, start)) start += BREAK.length;
  while (end > start && text.startsWith(BREAK, end - BREAK.length)) end -= BREAK.length;
  return text.slice(start, end);
}

function inlinesToMarkdown(inlines: readonly Inline[], before: string, isLabel = false): string {
  let text = "";
  let end = before;
  for (const inline of inlines) {
    const piece = inlineToMarkdown(inline, end, isLabel);
    text += piece;
    end = endOf(end, piece);
  }
  return text;
}

/** Of what stands before, no more than tells whether a line or a word begins here: looking at all of it takes long. */
function endOf(before: string, piece: string): string {
  let at = piece.length;
  while (at > 0 && isBlank(piece[at - 1])) at -= 1;
  const end = at > 0 ? piece.slice(Math.max(0, at - 2), at) : before;
  return at < piece.length && !end.endsWith(" ") ? `${end} ` : end;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** `before`: the end of what already stands in this paragraph. */
function inlineToMarkdown(inline: Inline, before: string, isLabel: boolean): string {
  switch (inline.type) {
    case "text":
      return escapeMarkdown(cleanText(inline.text), {
        isLineStart: /(?:^|\n)[ \t]*$/.test(before),
        isLabel,
      });
    case "code":
      return codeToMarkdown(oneLine(inline.code));
    case "bold":
      return wrap("**", inlinesToMarkdown(inline.inlines, `${before}**`, isLabel));
    case "italic":
      return wrap(
        /[\p{L}\p{N}_*]$/u.test(before) ? "*" : "_",
        inlinesToMarkdown(inline.inlines, `${before}_`, isLabel),
      );
    case "link":
      return linkToMarkdown(inline.url, inline.inlines, before);
  }
}

/** Emphasis must touch its text: white space at its ends moves outside. */
function wrap(mark: string, inner: string): string {
  let start = 0;
  while (start < inner.length && blankAt(inner, start) > 0) start += blankAt(inner, start);
  let end = inner.length;
  while (end > start && blankBefore(inner, end) > 0) end -= blankBefore(inner, end);
  if (start === end) return inner;
  return `${inner.slice(0, start)}${mark}${inner.slice(start, end)}${mark}${inner.slice(end)}`;
}

function blankAt(text: string, at: number): number {
  if (text.startsWith(BREAK, at)) return BREAK.length;
  return /\s/.test(text.charAt(at)) ? 1 : 0;
}

function blankBefore(text: string, at: number): number {
  if (at >= BREAK.length && text.startsWith(BREAK, at - BREAK.length)) return BREAK.length;
  return /\s/.test(text.charAt(at - 1)) ? 1 : 0;
}

function codeToMarkdown(code: string): string {
  if (code === "") return "";
  let longest = 0;
  for (const [run] of code.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const pad = /^[ `]|[ `]$/.test(code) ? " " : "";
  return `${fence}${pad}${code}${pad}${fence}`;
}

function linkToMarkdown(url: string, inlines: readonly Inline[], before: string): string {
  if (!isSafeUrl(url)) return inlinesToMarkdown(inlines, before);
  const label = inlinesToMarkdown(inlines.flatMap(withoutLinks), `${before}[`, true);
  return `[${label === "" ? escapeMarkdown(url, { isLineStart: false, isLabel: true }) : label}](${escapeDestination(url)})`;
}

function withoutLinks(inline: Inline): readonly Inline[] {
  return inline.type === "link" ? inline.inlines.flatMap(withoutLinks) : [inline];
}
