import type { OutboundPart } from "../../core/delivery/outbound-part.ts";
import { layOut } from "../../core/rich-text/lay-out.ts";
import { isAddressOf } from "../../core/rich-text/lay-out-inlines.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import type { Block, Button, RichText } from "../../core/rich-text/rich-text.ts";
import type { Span } from "../../core/rich-text/span.ts";
import { toMarkdown } from "../../core/rich-text/to-markdown.ts";
import type { ChannelFormat } from "../ports.ts";
import { arrangeButtons } from "./button-rows.ts";
import { writeSpans } from "./markup.ts";
import { EMPTY_REPLY, IN_THE_FILE, ONLY_BUTTONS, REPEATED } from "./phrases.ts";
import { splitSpans } from "./split-spans.ts";
import { TELEGRAM_HTML } from "./telegram-html.ts";

/** Telegram counts 4096 after reading the tags; keeping the tags below it too is simpler and never wrong. */
const LIMIT = 4096 - REPEATED.length;
const LONGEST_URL = 1_000;
/** https://core.telegram.org/bots/api#inlinekeyboardmarkup: a keyboard holds a hundred. */
const MOST_BUTTONS = 100;
/** More messages than this at once bury a chat, and its pace makes them take long. */
const MOST_PARTS = 10;
const FILE_NAME = "reply.md";
/** https://core.telegram.org/bots/api#senddocument: what stands beside a file has 1024 characters. */
const CAPTION_LIMIT = 1024 - REPEATED.length - IN_THE_FILE.length - 2;

type ButtonData = (index: number) => string;

/**
 * Telegram's HTML, in parts of at most 4096 UTF-16 code units; buttons stand under the last part. What would need more
 * than ten parts is one attached file.
 */
export const telegramFormat: ChannelFormat = {
  render(body, buttonData) {
    const parts = renderMessages(body, buttonData);
    return parts.length > MOST_PARTS ? [renderLong(body, buttonData)] : parts;
  },
  /** What is refused as messages goes as a file; a file that stood for too many messages goes as those. */
  renderInstead(refused, body, buttonData) {
    const parts = renderMessages(body, buttonData);
    const isLong = parts.length > MOST_PARTS;
    if (refused.file !== undefined) return isLong ? parts : undefined;
    return isLong ? undefined : [renderFile(body, buttonData)];
  },
  markRepeated: (part) => ({
    ...part,
    formatted: REPEATED + part.formatted,
    plain: REPEATED + part.plain,
  }),
};

function renderMessages(body: RichText, buttonData: ButtonData): readonly OutboundPart[] {
  const buttons = listButtons(body);
  const parts = splitSpans(layOutHtml(body), TELEGRAM_HTML, LIMIT).map(toPart);
  const last = parts.pop() ?? phrasePart(buttons.length > 0 ? ONLY_BUTTONS : EMPTY_REPLY);
  return [...parts, { ...last, buttons: arrangeRows(body, buttonData) }];
}

function layOutHtml(body: RichText): readonly Span[] {
  const hidden = listButtons(body).slice(MOST_BUTTONS);
  return layOut([...body, ...asLines(hidden)], { as: "styled", longestUrl: LONGEST_URL });
}

function arrangeRows(body: RichText, buttonData: ButtonData): OutboundPart["buttons"] {
  return arrangeButtons(listButtons(body).slice(0, MOST_BUTTONS), buttonData);
}

/** Everything in one file, with its buttons under it. */
function renderFile(body: RichText, buttonData: ButtonData): OutboundPart {
  return {
    ...phrasePart(IN_THE_FILE),
    buttons: arrangeRows(body, buttonData),
    file: { name: FILE_NAME, text: `${toMarkdown(body.flatMap(writeButtons))}\n` },
  };
}

/** The same, with the beginning to be read at once. */
function renderLong(body: RichText, buttonData: ButtonData): OutboundPart {
  const [beginning = []] = splitSpans(layOutHtml(body), TELEGRAM_HTML, CAPTION_LIMIT);
  const formatted = `${writeSpans(beginning, TELEGRAM_HTML)}\n\n${IN_THE_FILE}`;
  return { ...renderFile(body, buttonData), formatted };
}

/** In a file nothing can be pressed. */
function writeButtons(block: Block): RichText {
  switch (block.type) {
    case "buttons":
      return asLines(block.buttons);
    case "list":
      return [{ ...block, items: block.items.map((item) => item.flatMap(writeButtons)) }];
    case "quote":
      return [{ ...block, blocks: block.blocks.flatMap(writeButtons) }];
    case "paragraph":
    case "code-block":
      return [block];
  }
}

function toPart(spans: readonly Span[]): OutboundPart {
  return { formatted: writeSpans(spans, TELEGRAM_HTML), plain: writePlain(spans), buttons: [] };
}

function phrasePart(phrase: string): OutboundPart {
  return { formatted: phrase, plain: phrase, buttons: [] };
}

function asLines(buttons: readonly Button[]): RichText {
  return buttons.map(({ label, command }) => ({
    type: "paragraph",
    inlines: [{ type: "text", text: `${label}: ${command}` }],
  }));
}

/** The fallback. Never longer than the HTML: an address and a fence cost less than their tags. */
function writePlain(spans: readonly Span[]): string {
  let text = "";
  let label = "";
  for (const [index, span] of spans.entries()) {
    const { link, pre } = span.style;
    text += pre === undefined ? span.text : `\`\`\`\n${span.text}\n\`\`\``;
    if (link === undefined) continue;
    label += span.text;
    if (spans[index + 1]?.style.link === link) continue;
    if (!isAddressOf(link, label.trim())) text += ` (${link})`;
    label = "";
  }
  return text;
}
