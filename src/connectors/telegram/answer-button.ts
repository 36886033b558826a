import type { Log } from "../../core/log.ts";
import type { TelegramApi } from "./telegram-api.ts";

const TIMEOUT_MS = 10_000;

/** Takes the waiting look off a pressed button. Best effort: the press itself is stored. Never rejects. */
export async function answerButton(
  { api, log }: { readonly api: TelegramApi; readonly log: Log },
  callbackId: string,
  signal: AbortSignal,
): Promise<void> {
  const result = await api.call(
    (raw, limited) => raw.answerCallbackQuery({ callback_query_id: callbackId }, limited),
    TIMEOUT_MS,
    signal,
  );
  if (result.ok) return;
  const { text } = result.failure;
  log.write("debug", "button not answered", { connector: "telegram", error: text });
}
