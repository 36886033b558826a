import type { Clock } from "../../core/clock.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import type { Pace } from "./pace.ts";
import type { TelegramApi } from "./telegram-api.ts";

/** Work that ends sooner shows nothing: most answers do. */
const FIRST_AFTER_MS = 1_000;
/** Telegram shows "typing…" for five seconds. */
const REPEAT_AFTER_MS = 4_500;
const ACTION_TIMEOUT_MS = 5_000;

/** Shows "typing…" in the chat until `signal` aborts. Settles then, and never rejects. */
export async function showTyping(
  deps: { readonly api: TelegramApi; readonly pace: Pace; readonly clock: Clock },
  { externalId }: Address,
  signal: AbortSignal,
): Promise<void> {
  const { api, pace, clock } = deps;
  try {
    await clock.sleep(FIRST_AFTER_MS, signal);
    while (!signal.aborted) {
      if (!pace.isPaused(externalId, clock.now())) {
        await api.call(
          (raw, limited) =>
            raw.sendChatAction({ chat_id: externalId, action: "typing" }, limited as never),
          ACTION_TIMEOUT_MS,
          signal,
        );
      }
      await clock.sleep(REPEAT_AFTER_MS, signal);
    }
  } catch {
    // The work has ended.
  }
}
