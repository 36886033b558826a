import type { JsonObject } from "./read-json.ts";

/** What Telegram says of them; older Bot API servers know only the later names. */
const MARKS_OF_A_QUOTE = [
  "forward_origin",
  "is_automatic_forward",
  "via_bot",
  "forward_from",
  "forward_from_chat",
  "forward_sender_name",
  "forward_date",
];

/** Whether the words of a message are somebody else's than its sender's. */
export function isQuoted(message: JsonObject): boolean {
  return MARKS_OF_A_QUOTE.some((mark) => message[mark] !== undefined);
}
