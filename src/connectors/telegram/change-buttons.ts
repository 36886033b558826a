import type { ButtonsChange, ButtonsResult } from "../../core/delivery/outbound-part.ts";
import { toKeyboard } from "./keyboard.ts";
import type { TelegramApi } from "./telegram-api.ts";
import type { TelegramFailure } from "./telegram-failure.ts";

const TIMEOUT_MS = 30_000;
/** Telegram's words for an edit that was made before. */
const SAME_AS_BEFORE = /message is not modified/i;

/** Puts other buttons under a message that was sent. Never throws. */
export async function changeButtons(
  api: TelegramApi,
  { externalMessageId, buttons }: ButtonsChange,
  signal: AbortSignal,
): Promise<ButtonsResult> {
  const [chatId = "", messageId] = externalMessageId.split(":");
  const payload = {
    chat_id: chatId,
    message_id: Number(messageId),
    reply_markup: toKeyboard(buttons),
  };
  const result = await api.call(
    (raw, limited) => raw.editMessageReplyMarkup(payload, limited),
    TIMEOUT_MS,
    signal,
  );
  return result.ok ? { kind: "done" } : describeFailure(result.failure);
}

function describeFailure(failure: TelegramFailure): ButtonsResult {
  const { kind, text: error } = failure;
  if (kind === "flood") return { kind: "not_done", error, retryAfterMs: failure.retryAfterMs };
  if (SAME_AS_BEFORE.test(error)) return { kind: "done" };
  // What was sent to a group before it became a supergroup cannot be changed any more.
  if (kind === "refused" || kind === "bad_format" || kind === "migrated") {
    return { kind: "rejected", error };
  }
  return { kind: "not_done", error };
}
