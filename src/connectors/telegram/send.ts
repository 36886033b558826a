import { InputFile, type RawApi } from "grammy";
import type { ReplyParameters } from "grammy/types";
import type { AttachedFile, OutboundSend, SendResult } from "../../core/delivery/outbound-part.ts";
import { type ChatPlace, parsePlace } from "./chat-place.ts";
import { toKeyboard } from "./keyboard.ts";
import type { CallResult, TelegramApi } from "./telegram-api.ts";
import type { TelegramFailure } from "./telegram-failure.ts";

const SEND_TIMEOUT_MS = 30_000;
const UPLOAD_TIMEOUT_MS = 120_000;

/** Sends one part, once. Says as surely as Telegram lets us know whether it arrived; never throws. */
export async function sendPart(
  api: TelegramApi,
  message: OutboundSend,
  signal: AbortSignal,
  onMoved: (toExternalId: string) => Promise<void> = async () => undefined,
): Promise<SendResult> {
  const place = parsePlace(message.to.externalId);
  const first = await callSend(api, message, place, signal);
  if (first.ok || first.failure.kind !== "migrated") return toSendResult(first, place.chatId);
  // The group has become a supergroup with another id; nothing was sent to the old one.
  const chatId = String(first.failure.chatId);
  await onMoved(chatId);
  return toSendResult(
    await callSend(api, message, { chatId, threadId: undefined }, signal),
    chatId,
  );
}

function callSend(
  api: TelegramApi,
  { part, format, replyToExternalId }: OutboundSend,
  { chatId, threadId }: ChatPlace,
  signal: AbortSignal,
): Promise<CallResult<{ readonly message_id: number }>> {
  const reply = toReplyParameters(replyToExternalId, chatId);
  const text = format === "formatted" ? part.formatted : part.plain;
  const common = {
    chat_id: chatId,
    ...(threadId === undefined ? {} : { message_thread_id: threadId }),
    ...(format === "formatted" ? { parse_mode: "HTML" as const } : {}),
    ...(reply === undefined ? {} : { reply_parameters: reply }),
    ...(part.buttons.length === 0 ? {} : { reply_markup: toKeyboard(part.buttons) }),
  };
  const { file } = part;
  if (file !== undefined) return uploadFile(api, file, { ...common, caption: text }, signal);
  const payload = { ...common, text, link_preview_options: { is_disabled: true } };
  return api.call((raw, limited) => raw.sendMessage(payload, limited), SEND_TIMEOUT_MS, signal);
}

type DocumentPayload = Omit<Parameters<RawApi["sendDocument"]>[0], "document">;

function uploadFile(
  api: TelegramApi,
  file: AttachedFile,
  payload: DocumentPayload,
  signal: AbortSignal,
): Promise<CallResult<{ readonly message_id: number }>> {
  return api.call(
    (raw, limited) => {
      const document = new InputFile(Buffer.from(file.text), file.name);
      return raw.sendDocument({ ...payload, document }, limited);
    },
    UPLOAD_TIMEOUT_MS,
    signal,
  );
}

/** `chat:message` or `chat:message:edit` of this chat; anything else (a button, another chat) cannot be answered. */
function toReplyParameters(
  replyTo: string | undefined,
  chatId: string,
): ReplyParameters | undefined {
  const [chat, message] = replyTo?.split(":") ?? [];
  const messageId = Number(message);
  if (chat !== chatId || !Number.isSafeInteger(messageId) || messageId <= 0) return undefined;
  return { message_id: messageId, allow_sending_without_reply: true };
}

function toSendResult(
  result: CallResult<{ readonly message_id: number }>,
  chatId: string,
): SendResult {
  if (!result.ok) return describeFailedSend(result.failure);
  const messageId: unknown = result.value?.message_id;
  if (!Number.isSafeInteger(messageId)) {
    return { kind: "uncertain", error: "Telegram said yes but named no message." };
  }
  return { kind: "sent", externalMessageId: `${chatId}:${messageId}` };
}

function describeFailedSend(failure: TelegramFailure): SendResult {
  const error = failure.text;
  switch (failure.kind) {
    case "flood":
      return { kind: "not_sent", error, retryAfterMs: failure.retryAfterMs };
    case "bad_format":
      return { kind: "bad_format", error };
    case "uncertain":
      return { kind: "uncertain", error };
    case "refused":
      return failure.status === 404 ? { kind: "not_sent", error } : { kind: "rejected", error };
    // A token can be put right, a connection comes back: not sent now is not never.
    case "unauthorized":
    case "unreachable":
    case "conflict":
    case "migrated":
      return { kind: "not_sent", error };
  }
}
