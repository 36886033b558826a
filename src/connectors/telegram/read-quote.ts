import type { QuotedWords } from "../../core/message/quoted-words.ts";
import { hasVisibleText } from "../../core/message/storable-text.ts";
import type { BotIdentity } from "./bot-identity.ts";
import { cleanText } from "./clean-text.ts";
import { isQuoted } from "./is-quoted.ts";
import { type JsonObject, readInteger, readObject, readText } from "./read-json.ts";
import { readSender } from "./read-sender.ts";

/**
 * What a message replies to: the piece that its sender chose, else the whole of it. Of a message of another chat
 * (`external_reply`) there is only the piece, and nobody says who wrote it; so it is with what was forwarded.
 */
export function readQuote(message: JsonObject, bot: BotIdentity): QuotedWords | undefined {
  const answered = readObject(message, "reply_to_message");
  const piece = readText(readObject(message, "quote"), "text");
  const said = piece ?? readText(answered, "text") ?? readText(answered, "caption") ?? "";
  const text = cleanText(said);
  if (isQuoted(message) || !hasVisibleText(text)) return undefined;
  if (answered === undefined || isQuoted(answered)) return { text };
  if (isOurs(answered, bot)) return { text, isOurs: true };
  const { sender: by } = readSender(answered);
  return by === undefined ? { text } : { text, by };
}

function isOurs(message: JsonObject, bot: BotIdentity): boolean {
  if (message["sender_chat"] !== undefined) return false;
  return String(readInteger(readObject(message, "from"), "id")) === bot.account;
}
