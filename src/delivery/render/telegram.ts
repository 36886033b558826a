import { layOut } from "../../core/rich-text/lay-out.ts";
import { isAddressOf } from "../../core/rich-text/lay-out-inlines.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import type { Span } from "../../core/rich-text/span.ts";
import { asLines } from "./button-lines.ts";
import { arrangeButtons } from "./button-rows.ts";
import { createMessageFormat } from "./message-format.ts";
import { fenceInPlain, linkInPlain, TELEGRAM_HTML } from "./telegram-html.ts";

const LONGEST_URL = 1_000;
/** https://core.telegram.org/bots/api#inlinekeyboardmarkup: a keyboard holds a hundred. */
const MOST_BUTTONS = 100;

/** Telegram's HTML, in parts of at most 4096 UTF-16 code units; buttons stand under the last part. */
export const telegramFormat = createMessageFormat({
  markup: TELEGRAM_HTML,
  /** https://core.telegram.org/bots/api#sendmessage: what is left when the tags are read. */
  limit: 4_096,
  /** https://core.telegram.org/bots/api#senddocument: what stands beside a file has 1024 characters. */
  captionLimit: 1_024,
  layOut(body) {
    const hidden = listButtons(body).slice(MOST_BUTTONS);
    return layOut([...body, ...asLines(hidden)], { as: "styled", longestUrl: LONGEST_URL });
  },
  buttonsUnder: (body, buttonData) =>
    arrangeButtons(listButtons(body).slice(0, MOST_BUTTONS), buttonData),
  writePlain,
});

/** The fallback. It is counted as if it were sent, so that it fits wherever the HTML does. */
function writePlain(spans: readonly Span[]): string {
  let text = "";
  let label = "";
  for (const [index, span] of spans.entries()) {
    const { link, pre } = span.style;
    text += pre === undefined ? span.text : fenceInPlain(span.text);
    if (link === undefined) continue;
    label += span.text;
    if (spans[index + 1]?.style.link === link) continue;
    if (!isAddressOf(link, label.trim())) text += linkInPlain(link);
    label = "";
  }
  return text;
}
