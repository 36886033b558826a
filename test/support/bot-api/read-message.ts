import { badRequest } from "./bot-api-error.ts";
import type { Button } from "./chats.ts";
import { findEntities } from "./find-entities.ts";
import { HtmlError, type ParsedText, parseTelegramHtml } from "./parse-telegram-html.ts";
import { asObject } from "./read-params.ts";

type Values = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 4_096;
/** With its tags. */
const MOST_BYTES = 32 * 1_024;

/** The text of a message as people will see it, or the refusal of the real server. */
export function readText(values: Values, field: string, longest = LONGEST_TEXT): ParsedText {
  const source = String(values[field] ?? "");
  if (!source.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
  if (Buffer.byteLength(source) > MOST_BYTES) throw badRequest("text is too long");
  const parsed = parse(source.replace(/\r/g, ""), values["parse_mode"]);
  if (parsed.text.length > longest) {
    throw badRequest(field === "caption" ? "message caption is too long" : "message is too long");
  }
  return parsed;
}

function parse(source: string, mode: unknown): ParsedText {
  if (mode === undefined || mode === "") {
    const text = source.trim();
    return { text, entities: findEntities(text) };
  }
  if (String(mode).toLowerCase() !== "html") throw badRequest("unsupported parse_mode");
  try {
    return parseTelegramHtml(source);
  } catch (error) {
    if (!(error instanceof HtmlError)) throw error;
    throw badRequest(`can't parse entities: ${error.message}`);
  }
}

/** Rows of an inline keyboard; none when there is no keyboard. */
export function readButtons(values: Values): Button[][] {
  if (values["reply_markup"] === undefined) return [];
  const markup = asObject(values["reply_markup"]) as { inline_keyboard?: unknown } | undefined;
  if (typeof markup !== "object" || markup === null)
    throw badRequest("object expected as reply markup");
  if (markup.inline_keyboard === undefined) return [];
  if (!Array.isArray(markup.inline_keyboard)) {
    throw badRequest('Field "inline_keyboard" must be of type Array');
  }
  const rows = markup.inline_keyboard.map((row) => {
    if (!Array.isArray(row)) throw badRequest("inline keyboard row must be an Array");
    return row.map(checkButton);
  });
  if (rows.flat().length > 100) throw badRequest("reply markup is too long");
  return rows;
}

function checkButton(button: Partial<Button>): Button {
  const { text, callback_data: data, url } = button;
  if (typeof text !== "string" || text.trim() === "") {
    throw badRequest('can\'t parse inline keyboard button: Field "text" must be non-empty');
  }
  if (data === undefined && url === undefined) {
    throw badRequest(
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    );
  }
  if (data !== undefined) {
    const size = Buffer.byteLength(String(data));
    if (size < 1 || size > 64) throw badRequest("BUTTON_DATA_INVALID");
  }
  return button as Button;
}

/** The message answered, undefined when there is none; `hasMessage` tells whether it still exists. */
export function readReplyTo(
  values: Values,
  hasMessage: (messageId: number) => boolean,
): number | undefined {
  const given = asObject(values["reply_parameters"]) as
    | { message_id?: unknown; allow_sending_without_reply?: unknown }
    | undefined;
  if (given === undefined) return undefined;
  const messageId = Number(given?.message_id);
  if (!Number.isInteger(messageId)) throw badRequest("can't parse reply parameters JSON object");
  if (hasMessage(messageId)) return messageId;
  if (given.allow_sending_without_reply === true) return undefined;
  throw badRequest("message to be replied not found");
}
