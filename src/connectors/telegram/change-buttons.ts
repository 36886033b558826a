import type { ButtonsChange, ChangeResult } from "../../core/delivery/outbound-part.ts";
import { messageKey, toChangeResult } from "./changed.ts";
import { toKeyboard } from "./keyboard.ts";
import type { TelegramApi } from "./telegram-api.ts";

const TIMEOUT_MS = 30_000;

/** Puts other buttons under a message that was sent. Never throws. */
export async function changeButtons(
  api: TelegramApi,
  { externalMessageId, buttons }: ButtonsChange,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const payload = { ...messageKey(externalMessageId), reply_markup: toKeyboard(buttons) };
  const result = await api.call(
    (raw, limited) => raw.editMessageReplyMarkup(payload, limited),
    TIMEOUT_MS,
    signal,
  );
  return toChangeResult(result);
}
