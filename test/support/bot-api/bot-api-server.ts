import type { AddressInfo } from "node:net";
import { createBotApiListener, type LoggedRequest } from "./bot-api-listener.ts";
import type { BotState, CallbackAnswer, Draft } from "./bot-api-methods.ts";
import { type Chat, createChats, type RawMessage, type Sent, type User } from "./chats.ts";
import { createFaultScript, type Fault } from "./faults.ts";
import { findEntities } from "./find-entities.ts";
import { createFloodGate, type FloodLimits } from "./flood-limits.ts";
import { createStoredFiles } from "./stored-files.ts";
import { createUpdateQueue } from "./update-queue.ts";
import { createFactLog } from "./wait-for-fact.ts";

export interface BotApiServerOptions {
  readonly token?: string;
  readonly botUsername?: string;
  /** Whether its privacy mode is off. Default true. */
  readonly hearsGroups?: boolean;
  /** Off when absent, as a load test needs it. */
  readonly limits?: FloodLimits;
  /** False keeps no history, for runs of many messages; `onSent` still hears of each. Default true. */
  readonly history?: boolean;
  readonly onSent?: (sent: Sent) => void;
}

export type BotApiServer = Awaited<ReturnType<typeof startBotApiServer>>;

const DEFAULT_TOKEN = "700100200:AAtest-token-of-the-loopback-server_1";

/**
 * A strict Telegram Bot API server on a loopback port, with people to speak in its chats and faults to order.
 * What `nextSent` and `nextRequest` return they return once; so a test reads its facts in order.
 */
export async function startBotApiServer(options: BotApiServerOptions = {}) {
  const token = options.token ?? DEFAULT_TOKEN;
  const history = options.history ?? true;
  const chats = createChats();
  const faults = createFaultScript();
  const updates = createUpdateQueue(1_000);
  const files = createStoredFiles();
  const sent = createFactLog<Sent>(
    "message",
    history,
    (one) => `${one.chatId}: ${one.text.slice(0, 80)}`,
  );
  const edited = createFactLog<Sent>("edit", history, (one) => `${one.chatId}: ${one.messageId}`);
  const drafts = createFactLog<Draft>("draft", history, (one) => `${one.chatId}: ${one.text}`);
  const answered = createFactLog<CallbackAnswer>("answer", history, (one) => one.text);
  const requests = createFactLog<LoggedRequest>("request", history, (one) => one.method);
  const users = new Map<number, User>();
  let callbacks = 0;
  const state: BotState = {
    hearsGroups: options.hearsGroups ?? true,
    bot: {
      id: Number(token.split(":")[0]),
      is_bot: true,
      first_name: "Runtime",
      username: options.botUsername ?? "runtime_bot",
    },
    chats,
    updates,
    files,
    flood: createFloodGate(options.limits ?? {}),
    openCallbacks: new Set(),
    commands: [],
    drafts: new Map(),
    onDraft: (one) => drafts.add(one),
    onEdited: (one) => edited.add(one),
    onAnswered: (one) => answered.add(one),
    onSent(one) {
      sent.add(one);
      options.onSent?.(one);
    },
  };
  const listener = createBotApiListener({
    token,
    state,
    faults,
    onRequest: (one) => requests.add(one),
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const port = (listener.address() as AddressInfo).port;

  function newMessage(chat: Chat, from: User | undefined, extra: object): RawMessage {
    return {
      message_id: chats.nextMessageId(chat.id),
      ...(from === undefined ? {} : { from }),
      chat,
      date: nowSeconds(),
      ...extra,
    };
  }

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    token,
    bot: state.bot,
    updates,
    flood: state.flood,
    sent: sent.all,
    requests: requests.all,
    nextSent: sent.next,
    /** Messages whose text or buttons the bot changed; with a text, as they were then. */
    nextEdited: edited.next,
    /** Growing answers, as the person sees them. */
    nextDraft: drafts.next,
    drafts: drafts.all,
    /** What they see at this moment, by chat. */
    openDrafts: state.drafts as ReadonlyMap<number, Draft>,
    nextAnswer: answered.next,
    nextRequest: requests.next,
    openCallbacks: state.openCallbacks as ReadonlySet<string>,
    get commands() {
      return state.commands;
    },

    user(id: number, firstName: string, extra: Partial<User> = {}): User {
      const user = { id, is_bot: false, first_name: firstName, ...extra };
      users.set(id, user);
      return user;
    },
    privateChat(user: User): Chat {
      return chats.add({ id: user.id, type: "private", first_name: user.first_name });
    },
    group(id: number, title: string): Chat {
      return chats.add({ id, type: String(id).startsWith("-100") ? "supergroup" : "group", title });
    },
    /** A topic of a forum; what it returns says that a message is in it. */
    topic(chat: Chat, name: string): object {
      const opened = newMessage(chat, undefined, { forum_topic_created: { name, icon_color: 1 } });
      chats.addTopic(chat.id, opened.message_id);
      return {
        message_thread_id: opened.message_id,
        is_topic_message: true,
        reply_to_message: opened,
      };
    },
    channel(id: number, title: string): Chat {
      return chats.add({ id, type: "channel", title });
    },
    /** The user blocks the bot (or lets it in again). */
    block(user: User, blocked = true): void {
      chats.shut(user.id, blocked ? "Forbidden: bot was blocked by the user" : undefined);
    },
    kickBot(chat: Chat): void {
      chats.shut(chat.id, "Forbidden: bot was kicked from the group chat");
    },
    /** Somebody who may deletes what the bot has sent. */
    delete: ({ chatId, messageId }: Sent): void => void chats.forget(chatId, messageId),
    migrate: (chat: Chat, to: Chat): void => chats.migrate(chat.id, to.id),
    /** What Telegram tells of it, in the chat that was and in the one that is; one of the two is heard first. */
    announceMigration(chat: Chat, to: Chat, by: User, first: "old" | "new" = "old"): void {
      const told = [
        { message: newMessage(chat, by, { migrate_to_chat_id: to.id }) },
        { message: newMessage(to, by, { migrate_from_chat_id: chat.id }) },
      ];
      for (const update of first === "old" ? told : told.toReversed()) updates.push(update);
    },

    /** A person types. Commands and mentions get their entities, as Telegram marks them; `extra` may replace any field. */
    say(chat: Chat, from: User | undefined, text: string, extra: object = {}): RawMessage {
      const entities = findEntities(text);
      const message = newMessage(chat, from, {
        text,
        ...(entities.length === 0 ? {} : { entities }),
        ...extra,
      });
      updates.push(chat.type === "channel" ? { channel_post: message } : { message });
      return message;
    },
    /** A file that somebody may send: what a message says of it, for `document`, `voice` and so on. */
    file: files.add,
    /** A person sends something, with a caption or without. `content` is the field of the message that names it. */
    send(chat: Chat, from: User, content: object, caption?: string): RawMessage {
      const entities = findEntities(caption ?? "");
      const message = newMessage(chat, from, {
        ...content,
        ...(caption === undefined ? {} : { caption }),
        ...(entities.length === 0 ? {} : { caption_entities: entities }),
      });
      updates.push({ message });
      return message;
    },
    /** A person edits what they said: the text, or the caption of what they sent. */
    edit(message: RawMessage, text: string, editDate = nowSeconds()): void {
      const entities = findEntities(text);
      const words =
        message.text === undefined
          ? { caption: text, caption_entities: entities }
          : { text, entities };
      updates.push({ edited_message: { ...message, ...words, edit_date: editDate } });
    },
    /** A person presses the button with this label. Returns the callback id. */
    press(message: Sent, label: string, by?: User): string {
      const button = message.offered.flat().find(({ text }) => text === label);
      if (button?.callback_data === undefined) throw new Error(`There is no button "${label}".`);
      const from = by ?? users.get(message.chatId);
      if (from === undefined) throw new Error("Say who presses a button in a group.");
      const id = `${5_000_000_000_000 + ++callbacks}`;
      state.openCallbacks.add(id);
      updates.push({
        callback_query: {
          id,
          from,
          message: message.message,
          chat_instance: "1",
          data: button.callback_data,
        },
      });
      return id;
    },
    pushRawUpdate: (update: unknown): void => updates.pushRaw(update),
    /** The next `times` calls of `method` (`*`: any) go wrong in this way. */
    fault(method: string, fault: Fault, times = 1): void {
      faults.add(method, fault, times);
    },
    clearFaults: (): void => faults.clear(),
    setLimits(limits: FloodLimits): void {
      state.flood.limits = limits;
    },

    async close(): Promise<void> {
      updates.close();
      for (const facts of [sent, edited, answered, drafts]) facts.close();
      requests.close();
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      listener.closeAllConnections();
      await closed;
    },
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
