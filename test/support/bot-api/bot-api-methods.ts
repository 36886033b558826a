import { BotApiError, badRequest } from "./bot-api-error.ts";
import type { Chats, RawMessage, Sent, User } from "./chats.ts";
import type { FloodGate } from "./flood-limits.ts";
import { readButtons, readReplyTo, readText } from "./read-message.ts";
import { asObject, type Params } from "./read-params.ts";
import type { StoredFiles } from "./stored-files.ts";
import type { UpdateQueue } from "./update-queue.ts";

/** What somebody who pressed a button was told. */
export interface CallbackAnswer {
  readonly id: string;
  readonly text: string;
  readonly isAlert: boolean;
}

/** What a person sees of an answer that is being written. */
export interface Draft {
  readonly chatId: number;
  readonly id: number;
  readonly text: string;
  readonly entities: Sent["entities"];
}

export interface BotState {
  readonly bot: User;
  readonly hearsGroups: boolean;
  readonly chats: Chats;
  readonly flood: FloodGate;
  readonly updates: UpdateQueue;
  readonly files: StoredFiles;
  /** Callback queries that wait for an answer. */
  readonly openCallbacks: Set<string>;
  commands: readonly { readonly command: string; readonly description: string }[];
  /** Drafts that a person sees, by chat; a message of the bot ends its chat's. */
  readonly drafts: Map<number, Draft>;
  onSent(sent: Sent): void;
  onDraft(draft: Draft): void;
  onEdited(sent: Sent): void;
  onAnswered(answer: CallbackAnswer): void;
}

const NOT_MODIFIED =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";
const LARGEST_FILE_BYTES = 50 * 1024 * 1024;

type Method = (state: BotState, params: Params) => unknown;

const ACTIONS = new Set(
  "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note".split(
    " ",
  ),
);

/** Every method but `getUpdates`, by its name in lower case. */
export const METHODS: Readonly<Record<string, Method>> = {
  getme: ({ bot, hearsGroups }) => ({
    ...bot,
    can_join_groups: true,
    can_read_all_group_messages: hearsGroups,
    supports_inline_queries: false,
  }),
  sendmessage: sendMessage,
  senddocument: sendDocument,
  sendmessagedraft: sendMessageDraft,
  editmessagetext: editMessageText,
  editmessagereplymarkup: editMessageReplyMarkup,
  deletemessage: deleteMessage,
  answercallbackquery: answerCallbackQuery,
  sendchataction(state, { values }) {
    const chat = state.chats.requireWritable(values["chat_id"]);
    state.chats.requireTopic(chat.id, values["message_thread_id"]);
    if (!ACTIONS.has(String(values["action"])))
      throw badRequest("wrong parameter action in request");
    return true;
  },
  setmycommands: setMyCommands,
  getmycommands: (state) => state.commands,
  deletemycommands(state) {
    state.commands = [];
    return true;
  },
  getfile: ({ files }, { values }) => files.find(values["file_id"]),
  getwebhookinfo: ({ updates }) => ({
    url: updates.webhookUrl,
    has_custom_certificate: false,
    pending_update_count: updates.pending,
  }),
  setwebhook({ updates }, { values }) {
    updates.webhookUrl = String(values["url"] ?? "");
    return true;
  },
  deletewebhook({ updates }) {
    updates.webhookUrl = "";
    return true;
  },
};

function sendMessage(state: BotState, { values }: Params): RawMessage {
  const chat = state.chats.requireWritable(values["chat_id"]);
  const { text, entities } = readText(values, "text");
  if (text === "") throw badRequest("message text is empty");
  return post(state, values, "sendMessage", {
    chatId: chat.id,
    text,
    entities,
    raw: values["text"],
  });
}

function sendMessageDraft(state: BotState, { values }: Params): true {
  const chat = state.chats.requireWritable(values["chat_id"]);
  if (chat.type !== "private") throw badRequest("TEXTDRAFT_PEER_INVALID");
  state.chats.requireTopic(chat.id, values["message_thread_id"]);
  const id = Number(values["draft_id"]);
  if (!Number.isSafeInteger(id) || id === 0) throw badRequest("TEXTDRAFT_ID_INVALID");
  const { text, entities } = readText(values, "text");
  state.flood.pass(chat.id);
  const draft: Draft = { chatId: chat.id, id, text, entities };
  state.drafts.set(chat.id, draft);
  state.onDraft(draft);
  return true;
}

function sendDocument(state: BotState, { values, files }: Params): RawMessage {
  const chat = state.chats.requireWritable(values["chat_id"]);
  const { text, entities } = readText(values, "caption", 1_024);
  const reference = /^attach:\/\/(.+)$/.exec(String(values["document"] ?? ""))?.[1];
  const document = files.get(reference ?? "document");
  if (document === undefined) throw badRequest("there is no document in the request");
  if (document.bytes.length === 0) throw badRequest("file must be non-empty");
  if (document.bytes.length > LARGEST_FILE_BYTES) {
    throw new BotApiError(413, "Request Entity Too Large");
  }
  return post(state, values, "sendDocument", {
    chatId: chat.id,
    text,
    entities,
    raw: values["caption"],
    document,
  });
}

interface Content {
  readonly chatId: number;
  readonly text: string;
  readonly entities: Sent["entities"];
  readonly raw: unknown;
  readonly document?: NonNullable<Sent["document"]>;
}

function post(
  state: BotState,
  values: Params["values"],
  method: string,
  content: Content,
): RawMessage {
  const { chatId, text, entities, document } = content;
  const chat = state.chats.requireWritable(chatId);
  const buttons = readButtons(values);
  const threadId = state.chats.requireTopic(chatId, values["message_thread_id"]);
  const replyTo = readReplyTo(values, (id) => state.chats.hasMessage(chatId, id));
  state.flood.pass(chatId);
  const messageId = state.chats.nextMessageId(chatId);
  const message: RawMessage = {
    message_id: messageId,
    from: state.bot,
    chat,
    date: Math.floor(Date.now() / 1_000),
    ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }),
    ...(document === undefined
      ? { text, entities }
      : {
          caption: text,
          document: { file_name: document.name, file_size: document.bytes.length },
        }),
  };
  const options = asObject(values["link_preview_options"]) as { is_disabled?: boolean } | undefined;
  const sent: Sent = {
    method,
    chatId,
    messageId,
    text,
    raw: String(content.raw ?? ""),
    sentRaw: String(content.raw ?? ""),
    parseMode: values["parse_mode"] as string | undefined,
    entities,
    buttons,
    replyTo,
    preview: options?.is_disabled !== true,
    document,
    offered: buttons,
    edits: 0,
    deleted: false,
    message,
  };
  state.chats.remember(sent);
  state.drafts.delete(chatId);
  state.onSent(sent);
  return message;
}

function editMessageText(state: BotState, { values }: Params): RawMessage {
  const chat = state.chats.requireWritable(values["chat_id"]);
  const messageId = Number(values["message_id"]);
  if (!state.chats.hasMessage(chat.id, messageId)) throw badRequest("message to edit not found");
  const sent = state.chats.findSent(chat.id, messageId);
  if (sent === undefined) throw badRequest("message can't be edited");
  const { text, entities } = readText(values, "text");
  if (text === "") throw badRequest("message text is empty");
  const buttons = readButtons(values);
  const before = JSON.stringify([sent.text, sent.entities, sent.buttons]);
  if (JSON.stringify([text, entities, buttons]) === before) {
    throw badRequest(NOT_MODIFIED);
  }
  state.flood.pass(chat.id);
  const raw = String(values["text"]);
  Object.assign(sent, { text, entities, buttons, offered: buttons, raw });
  sent.parseMode = values["parse_mode"] as string | undefined;
  sent.edits++;
  // As it is now: it may be edited again before a test reads it.
  state.onEdited({ ...sent });
  return { ...sent.message, text, entities, edit_date: Math.floor(Date.now() / 1_000) };
}

function editMessageReplyMarkup(state: BotState, { values }: Params): RawMessage {
  const chat = state.chats.requireWritable(values["chat_id"]);
  const messageId = Number(values["message_id"]);
  if (!state.chats.hasMessage(chat.id, messageId)) throw badRequest("message to edit not found");
  const sent = state.chats.findSent(chat.id, messageId);
  if (sent === undefined) throw badRequest("message can't be edited");
  const buttons = readButtons(values);
  if (JSON.stringify(buttons) === JSON.stringify(sent.buttons)) throw badRequest(NOT_MODIFIED);
  state.flood.pass(chat.id);
  sent.buttons = buttons;
  sent.edits++;
  state.onEdited(sent);
  return { ...sent.message, edit_date: Math.floor(Date.now() / 1_000) };
}

function deleteMessage(state: BotState, { values }: Params): true {
  const chat = state.chats.requireWritable(values["chat_id"]);
  const messageId = Number(values["message_id"]);
  const exists = state.chats.hasMessage(chat.id, messageId);
  if (!exists || !state.chats.forget(chat.id, messageId)) {
    throw badRequest("message to delete not found");
  }
  return true;
}

function answerCallbackQuery(state: BotState, { values }: Params): true {
  const id = String(values["callback_query_id"]);
  const text = String(values["text"] ?? "");
  if (text.length > 200) throw badRequest("MESSAGE_TOO_LONG");
  if (!state.openCallbacks.delete(id)) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  state.onAnswered({ id, text, isAlert: String(values["show_alert"]) === "true" });
  return true;
}

function setMyCommands(state: BotState, { values }: Params): true {
  const list = asObject(values["commands"]);
  if (!Array.isArray(list)) throw badRequest("can't parse commands list JSON object");
  if (list.length > 100) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  for (const { command, description } of list) {
    if (!/^[a-z0-9_]{1,32}$/.test(String(command))) throw badRequest("BOT_COMMAND_INVALID");
    const { length } = String(description ?? "").trim();
    if (length < 1 || length > 256) throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  }
  state.commands = list;
  return true;
}
