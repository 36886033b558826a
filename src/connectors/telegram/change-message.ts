import type {
  ChangeResult,
  PartChange,
  PartResult,
  SentMessage,
} from "../../core/delivery/outbound-part.ts";
import { messageKey, toChangeResult } from "./changed.ts";
import { toKeyboard } from "./keyboard.ts";
import type { TelegramApi } from "./telegram-api.ts";

const TIMEOUT_MS = 30_000;

/** Puts a part in the place of a message that was sent. Never throws. */
export async function replaceMessage(
  api: TelegramApi,
  { externalMessageId, part, format }: PartChange,
  signal: AbortSignal,
): Promise<PartResult> {
  const payload = {
    ...messageKey(externalMessageId),
    text: format === "formatted" ? part.formatted : part.plain,
    ...(format === "formatted" ? { parse_mode: "HTML" as const } : {}),
    ...(part.buttons.length === 0 ? {} : { reply_markup: toKeyboard(part.buttons) }),
    link_preview_options: { is_disabled: true },
  };
  const result = await api.call(
    (raw, limited) => raw.editMessageText(payload, limited),
    TIMEOUT_MS,
    signal,
  );
  if (!result.ok && result.failure.kind === "bad_format") {
    return { kind: "bad_format", error: result.failure.text };
  }
  return toChangeResult(result);
}

/** Takes a message away that was sent. Never throws. */
export async function removeMessage(
  api: TelegramApi,
  { externalMessageId }: SentMessage,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const payload = messageKey(externalMessageId);
  const result = await api.call(
    (raw, limited) => raw.deleteMessage(payload, limited),
    TIMEOUT_MS,
    signal,
  );
  return toChangeResult(result);
}
