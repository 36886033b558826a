import type { BotIdentity } from "./bot-identity.ts";
import { isQuoted } from "./is-quoted.ts";
import { type JsonObject, readInteger, readList, readObject, readText } from "./read-json.ts";

export interface Addressee {
  readonly addressed: boolean;
  /** A group command that names another bot: `/help@other_bot`. */
  readonly forAnotherBot: boolean;
}

/**
 * Whether a message speaks to us. A command that names nobody is for whichever bot of the group knows it, which is not
 * known here. `text` must be as Telegram sent it: entities count its UTF-16 units. */
export function findAddressee(message: JsonObject, text: string, bot: BotIdentity): Addressee {
  if (readText(readObject(message, "chat"), "type") === "private") {
    return { addressed: true, forAnotherBot: false };
  }
  const entities = entitiesOf(message);
  const command = entities.find(
    (entity) => entity["type"] === "bot_command" && entity["offset"] === 0,
  );
  const named = command === undefined ? undefined : pieceOf(text, command).split("@")[1];
  if (named !== undefined && !isUs(named, bot)) return { addressed: false, forAnotherBot: true };
  const addressed =
    named !== undefined ||
    entities.some((entity) => mentionsUs(entity, text, bot)) ||
    answersUs(message, bot);
  return { addressed, forAnotherBot: false };
}

/** The text without our name at its beginning, by which people of a group call us; as it is when nothing else is in it. */
export function withoutOurName(message: JsonObject, text: string, bot: BotIdentity): string {
  const entities = entitiesOf(message);
  const name = entities.find((entity) => mentionsUs(entity, text, bot));
  if (name === undefined || text.slice(0, readInteger(name, "offset") ?? 0).trim() !== "") {
    return text;
  }
  const end = (readInteger(name, "offset") ?? 0) + (readInteger(name, "length") ?? 0);
  const rest = text.slice(end).replace(/^[\s,:;!.–—-]+/u, "");
  return rest === "" ? text : rest;
}

/** Names and commands in somebody else's words call nobody here. */
function entitiesOf(message: JsonObject): readonly JsonObject[] {
  if (isQuoted(message)) return [];
  return [...readList(message, "entities"), ...readList(message, "caption_entities")];
}

function pieceOf(text: string, entity: JsonObject): string {
  const offset = readInteger(entity, "offset") ?? 0;
  return text.slice(offset, offset + (readInteger(entity, "length") ?? 0));
}

function isUs(username: string, bot: BotIdentity): boolean {
  return username.toLowerCase() === bot.username.toLowerCase();
}

function mentionsUs(entity: JsonObject, text: string, bot: BotIdentity): boolean {
  if (entity["type"] === "mention") return isUs(pieceOf(text, entity).slice(1), bot);
  if (entity["type"] !== "text_mention") return false;
  return String(readInteger(readObject(entity, "user"), "id")) === bot.account;
}

/** In a forum every message "answers" the notice that opened its topic; that is no reply to us. */
function answersUs(message: JsonObject, bot: BotIdentity): boolean {
  const answered = readObject(message, "reply_to_message");
  if (readObject(answered, "forum_topic_created") !== undefined) return false;
  return String(readInteger(readObject(answered, "from"), "id")) === bot.account;
}
