import type { EpochMs } from "../../core/clock.ts";
import { sha256Hex } from "../../core/ids.ts";
import type { InboundMessage, MessageKind } from "../../core/message/inbound-message.ts";
import type { BotIdentity } from "./bot-identity.ts";
import { formatPlace } from "./chat-place.ts";
import { cleanName, cleanText } from "./clean-text.ts";
import { findAddressee, withoutOurName } from "./find-addressee.ts";
import { isQuoted } from "./is-quoted.ts";
import { readFiles } from "./read-files.ts";
import { asJsonObject, type JsonObject, readInteger, readObject, readText } from "./read-json.ts";
import { readQuote } from "./read-quote.ts";
import { readSender, type Sender } from "./read-sender.ts";

/** A conversation nobody is in: updates that name no chat. */
const NO_CHAT = "updates";
/** No colon: it must never look like the id of a message. */
const CALLBACK_ID = /^[\w-]{1,128}$/;
const EDIT_DIGITS = 12;
/** The largest instant in seconds that is still a date. */
const LAST_SECOND = 8_640_000_000_000;

/** What one update of `getUpdates` says to us. Takes any JSON and never throws; what we cannot use says why in `dropReason`. */
export function toInboundMessage(update: unknown, bot: BotIdentity, now: EpochMs): InboundMessage {
  const source = asJsonObject(update) ?? {};
  const fields = { source, bot, now };
  const message = readObject(source, "message");
  if (message !== undefined)
    return fromMove(fields, message) ?? fromMessage(fields, message, "message");
  const edited = readObject(source, "edited_message");
  if (edited !== undefined) return fromMessage(fields, edited, "edit");
  const query = readObject(source, "callback_query");
  if (query !== undefined) return fromCallbackQuery(fields, query);
  const post = readObject(source, "channel_post") ?? readObject(source, "edited_channel_post");
  if (post !== undefined) {
    return {
      ...fromMessage(fields, post, "message"),
      sender: undefined,
      addressed: false,
      kind: "other",
      dropReason: "channel_post",
    };
  }
  const membership = readObject(source, "my_chat_member");
  if (membership !== undefined) {
    return fromElsewhere(fields, membership, { kind: "membership", dropReason: "membership" });
  }
  return fromElsewhere(fields, firstObject(source), {
    kind: "other",
    dropReason: "unsupported_update",
  });
}

interface Fields {
  readonly source: JsonObject;
  readonly bot: BotIdentity;
  readonly now: EpochMs;
}

function fromMessage(
  fields: Fields,
  message: JsonObject,
  kind: "message" | "edit",
): InboundMessage {
  const chatId = readInteger(readObject(message, "chat"), "id");
  const messageId = readInteger(message, "message_id");
  if (chatId === undefined || messageId === undefined) {
    return fromElsewhere(fields, message, { kind: "other", dropReason: "unsupported_update" });
  }
  const text = readText(message, "text") ?? readText(message, "caption") ?? "";
  const { addressed, forAnotherBot } = findAddressee(message, text, fields.bot);
  const clean = cleanText(withoutOurName(message, text, fields.bot));
  const { sender, dropReason } = readSender(message);
  const attached = readFiles(message);
  const isEmpty = clean.trim() === "" && attached.files === undefined;
  const reason = dropReason ?? whyUnread(isEmpty, forAnotherBot);
  const repliedTo = readAnswered(message);
  const quotes = readQuote(message, fields.bot);
  return {
    ...place(fields, readObject(message, "chat"), sender, readTopic(message)),
    ...nameVersion(`${chatId}:${messageId}`, kind === "edit" ? nameEdit(message, text) : undefined),
    kind: reason === "no_text" ? "other" : kind,
    sender,
    text: clean,
    ...attached,
    addressed,
    ...(isQuoted(message) ? { isQuoted: true } : {}),
    ...(repliedTo === undefined ? {} : { replyToExternalId: `${chatId}:${repliedTo}` }),
    ...(quotes === undefined ? {} : { quotes }),
    ...(reason === undefined ? {} : { dropReason: reason }),
    sentAtMs: readInstant(message, kind === "edit" ? "edit_date" : "date", fields.now),
  };
}

function whyUnread(isEmpty: boolean, forAnotherBot: boolean): string | undefined {
  if (isEmpty) return "no_text";
  return forAnotherBot ? "for_another_bot" : undefined;
}

interface Move {
  readonly from: number;
  readonly to: number;
}

/** A group that becomes a supergroup says so twice: under its old id, and under the new one. */
function readMove(message: JsonObject): Move | undefined {
  const chatId = readInteger(readObject(message, "chat"), "id");
  if (chatId === undefined) return undefined;
  const to = readInteger(message, "migrate_to_chat_id");
  if (to !== undefined) return { from: chatId, to };
  const from = readInteger(message, "migrate_from_chat_id");
  return from === undefined ? undefined : { from, to: chatId };
}

function fromMove(fields: Fields, message: JsonObject): InboundMessage | undefined {
  const move = readMove(message);
  const messageId = readInteger(message, "message_id");
  if (move === undefined || messageId === undefined) return undefined;
  const chat = readObject(message, "chat");
  const where = place(fields, chat, undefined);
  return {
    ...where,
    address: { ...where.address, externalId: String(move.to) },
    externalMessageId: `${readInteger(chat, "id")}:${messageId}`,
    kind: "other",
    sender: undefined,
    text: "",
    addressed: false,
    movedFrom: String(move.from),
    dropReason: "migration",
    sentAtMs: readInstant(message, "date", fields.now),
  };
}

function fromCallbackQuery(fields: Fields, query: JsonObject): InboundMessage {
  const callbackId = readText(query, "id") ?? "";
  const card = readObject(query, "message");
  const chatId = readInteger(readObject(card, "chat"), "id");
  if (chatId === undefined || !CALLBACK_ID.test(callbackId)) {
    return fromElsewhere(fields, query, { kind: "other", dropReason: "unsupported_update" });
  }
  const data = cleanText(readText(query, "data") ?? "").slice(0, 256);
  const { sender, dropReason } = readSender(query);
  const reason = dropReason ?? (data === "" ? "no_text" : undefined);
  const cardId = readInteger(card, "message_id");
  return {
    ...place(fields, readObject(card, "chat"), sender, readTopic(card)),
    externalMessageId: callbackId,
    kind: "button",
    sender,
    text: data,
    addressed: true,
    ...(cardId === undefined ? {} : { replyToExternalId: `${chatId}:${cardId}` }),
    button: { data, callbackId },
    ...(reason === undefined ? {} : { dropReason: reason }),
    sentAtMs: fields.now,
  };
}

/** Everything that is recorded only to be dropped, or has no message id of its own. */
function fromElsewhere(
  fields: Fields,
  content: JsonObject | undefined,
  is: { readonly kind: MessageKind; readonly dropReason: string },
): InboundMessage {
  const { sender } = readSender(content ?? {});
  const updateId = readInteger(fields.source, "update_id") ?? "unknown";
  return {
    ...place(fields, readObject(content, "chat"), sender),
    ...is,
    externalMessageId: `update:${updateId}:${readInteger(content, "date") ?? 0}`,
    sender,
    text: "",
    addressed: false,
    sentAtMs: readInstant(content, "date", fields.now),
  };
}

function place(
  { bot }: Fields,
  chat: JsonObject | undefined,
  sender: Sender,
  topic?: Topic,
): Pick<InboundMessage, "address" | "chat"> {
  const chatId = readInteger(chat, "id");
  const isPrivate = readText(chat, "type") === "private";
  const name = isPrivate ? (sender?.displayName ?? "") : cleanName(readText(chat, "title") ?? "");
  const title = topic === undefined ? name : `${name} / ${topic.name}`;
  return {
    address: {
      connector: "telegram",
      account: bot.account,
      externalId: chatId === undefined ? NO_CHAT : formatPlace(chatId, topic?.threadId),
    },
    chat: {
      kind: isPrivate ? "private" : "group",
      title,
      ...(topic === undefined || isPrivate ? {} : { part: { of: String(chatId), title: name } }),
    },
  };
}

interface Topic {
  readonly threadId: number;
  readonly name: string;
}

/** Only a topic: replies in any supergroup also make threads. */
function readTopic(message: JsonObject | undefined): Topic | undefined {
  const threadId = readInteger(message, "message_thread_id");
  if (threadId === undefined || message?.["is_topic_message"] !== true) return undefined;
  const opened = readObject(readObject(message, "reply_to_message"), "forum_topic_created");
  return { threadId, name: cleanName(readText(opened, "name") ?? "") || `topic ${threadId}` };
}

/** In a forum every message "answers" the notice that opened its topic; that is no answer. */
function readAnswered(message: JsonObject): number | undefined {
  const answered = readObject(message, "reply_to_message");
  if (readObject(answered, "forum_topic_created") !== undefined) return undefined;
  return readInteger(answered, "message_id");
}

function nameVersion(
  id: string,
  edit: string | undefined,
): Pick<InboundMessage, "externalMessageId" | "editOf"> {
  return edit === undefined
    ? { externalMessageId: id }
    : { externalMessageId: `${id}:${edit}`, editOf: id };
}

/** By what it says: its instant counts in seconds, and an update that comes again may come under another id. */
function nameEdit(message: JsonObject, text: string): string {
  return `${readInteger(message, "edit_date") ?? 0}.${sha256Hex(text).slice(0, EDIT_DIGITS)}`;
}

function readInstant(content: JsonObject | undefined, key: string, now: EpochMs): EpochMs {
  const seconds = readInteger(content, key) ?? 0;
  return seconds > 0 && seconds < LAST_SECOND ? seconds * 1_000 : now;
}

function firstObject(source: JsonObject): JsonObject | undefined {
  return Object.values(source)
    .map(asJsonObject)
    .find((value) => value !== undefined);
}
