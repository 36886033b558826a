import { BotApiError, badRequest } from "./bot-api-error.ts";
import type { Entity } from "./parse-telegram-html.ts";

export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
}

export interface Chat {
  readonly id: number;
  readonly type: "private" | "group" | "supergroup" | "channel";
  readonly title?: string;
  readonly first_name?: string;
  readonly username?: string;
}

/** A message as the Bot API writes it; only what tests read is typed. */
export interface RawMessage {
  readonly message_id: number;
  readonly chat: Chat;
  readonly date: number;
  readonly from?: User;
  readonly text?: string;
  readonly entities?: readonly Entity[];
  readonly [field: string]: unknown;
}

export interface Button {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

/** One message the bot has sent. `edits` grows and the rest follows the last edit. */
export interface Sent {
  readonly method: string;
  readonly chatId: number;
  readonly messageId: number;
  /** The text a person sees. */
  text: string;
  /** The text as the bot gave it, tags and all. */
  raw: string;
  /** The same when it was sent, whatever it was changed into. */
  readonly sentRaw: string;
  parseMode: string | undefined;
  entities: readonly Entity[];
  buttons: readonly (readonly Button[])[];
  /** The buttons that last came with a text: a phone that was offline still shows them. */
  readonly offered: readonly (readonly Button[])[];
  readonly replyTo: number | undefined;
  readonly preview: boolean;
  readonly document: { readonly name: string; readonly bytes: Buffer } | undefined;
  edits: number;
  deleted: boolean;
  /** As other messages quote it, for `reply_to_message`. */
  readonly message: RawMessage;
}

/** Who is there, which chats the bot may write to, and what was said in them. */
export interface Chats {
  add(chat: Chat): Chat;
  /** Throws what the real server answers when the bot may not write there. */
  requireWritable(chatId: unknown): Chat;
  shut(chatId: number, description: string | undefined): void;
  /** From now on the group's id is another; sends to the old one say so. */
  migrate(chatId: number, to: number): void;
  /** Opens a topic of a forum. */
  addTopic(chatId: number, threadId: number): void;
  /** Throws what the real server answers when there is no such topic. */
  requireTopic(chatId: number, threadId: unknown): number | undefined;
  nextMessageId(chatId: number): number;
  hasMessage(chatId: number, messageId: number): boolean;
  findSent(chatId: number, messageId: number): Sent | undefined;
  remember(sent: Sent): void;
  forget(chatId: number, messageId: number): boolean;
}

export function createChats(): Chats {
  const chats = new Map<number, Chat>();
  const shut = new Map<number, string>();
  const migrated = new Map<number, number>();
  const lastIds = new Map<number, number>();
  const sent = new Map<string, Sent>();
  const gone = new Set<string>();
  const topics = new Set<string>();

  return {
    add(chat) {
      chats.set(chat.id, chat);
      return chat;
    },
    requireWritable(chatId) {
      if (chatId === undefined || chatId === "") throw badRequest("chat_id is empty");
      const id = Number(chatId);
      const chat = chats.get(id);
      if (chat === undefined) throw badRequest("chat not found");
      const to = migrated.get(id);
      if (to !== undefined) {
        throw new BotApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", {
          migrate_to_chat_id: to,
        });
      }
      const closed = shut.get(id);
      if (closed !== undefined) throw new BotApiError(403, closed);
      return chat;
    },
    shut(chatId, description) {
      if (description === undefined) shut.delete(chatId);
      else shut.set(chatId, description);
    },
    migrate: (chatId, to) => void migrated.set(chatId, to),
    addTopic: (chatId, threadId) => void topics.add(`${chatId}:${threadId}`),
    requireTopic(chatId, threadId) {
      if (threadId === undefined) return undefined;
      if (topics.has(`${chatId}:${threadId}`)) return Number(threadId);
      throw badRequest("message thread not found");
    },
    nextMessageId(chatId) {
      const id = (lastIds.get(chatId) ?? 0) + 1;
      lastIds.set(chatId, id);
      return id;
    },
    hasMessage: (chatId, messageId) =>
      messageId > 0 &&
      messageId <= (lastIds.get(chatId) ?? 0) &&
      !gone.has(`${chatId}:${messageId}`),
    findSent: (chatId, messageId) => sent.get(`${chatId}:${messageId}`),
    remember: (message) => void sent.set(`${message.chatId}:${message.messageId}`, message),
    forget(chatId, messageId) {
      const key = `${chatId}:${messageId}`;
      if (gone.has(key)) return false;
      gone.add(key);
      const message = sent.get(key);
      if (message !== undefined) message.deleted = true;
      return true;
    },
  };
}
