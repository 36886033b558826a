import type { OutboundPart } from "../../core/delivery/outbound-part.ts";
import { layOut } from "../../core/rich-text/lay-out.ts";
import { isAddressOf } from "../../core/rich-text/lay-out-inlines.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import type { Button, RichText } from "../../core/rich-text/rich-text.ts";
import type { Span } from "../../core/rich-text/span.ts";
import type { ChannelFormat } from "../ports.ts";
import { arrangeButtons } from "./button-rows.ts";
import { writeSpans } from "./markup.ts";
import { EMPTY_REPLY, ONLY_BUTTONS, REPEATED } from "./phrases.ts";
import { splitSpans } from "./split-spans.ts";
import { TELEGRAM_HTML } from "./telegram-html.ts";

/** Telegram counts 4096 after reading the tags; keeping the tags below it too is simpler and never wrong. */
const LIMIT = 4096 - REPEATED.length;
const LONGEST_URL = 1_000;
/** https://core.telegram.org/bots/api#inlinekeyboardmarkup: a keyboard holds a hundred. */
const MOST_BUTTONS = 100;

/** Telegram's HTML, in parts of at most 4096 UTF-16 code units; buttons stand under the last part. */
export const telegramFormat: ChannelFormat = {
  render(body, buttonData) {
    const buttons = listButtons(body);
    const shown = buttons.slice(0, MOST_BUTTONS);
    const spans = layOut([...body, ...asLines(buttons.slice(MOST_BUTTONS))], {
      as: "styled",
      longestUrl: LONGEST_URL,
    });
    const parts = splitSpans(spans, TELEGRAM_HTML, LIMIT).map(toPart);
    const rows = arrangeButtons(shown, buttonData);
    const last = parts.pop() ?? phrasePart(shown.length > 0 ? ONLY_BUTTONS : EMPTY_REPLY);
    return [...parts, { ...last, buttons: rows }];
  },
  markRepeated: (part) => ({
    ...part,
    formatted: REPEATED + part.formatted,
    plain: REPEATED + part.plain,
  }),
};

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
