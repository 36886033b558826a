import type { Clock } from "../../core/clock.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import { parsePlace } from "./chat-place.ts";
import type { Pace } from "./pace.ts";
import type { TelegramApi } from "./telegram-api.ts";

/** Work that ends sooner shows nothing: most answers do. */
const FIRST_AFTER_MS = 1_000;
/** Telegram shows "typing…" for five seconds. */
const REPEAT_AFTER_MS = 4_500;
const ACTION_TIMEOUT_MS = 5_000;

interface Deps {
  readonly api: TelegramApi;
  readonly pace: Pick<Pace, "isPaused">;
  readonly clock: Clock;
}

/** Shows "typing…" in the chat until `signal` aborts or Telegram refuses it. Never rejects. */
export async function showTyping(deps: Deps, to: Address, signal: AbortSignal): Promise<void> {
  const { clock, pace } = deps;
  try {
    let waitMs: number | undefined = FIRST_AFTER_MS;
    while (waitMs !== undefined) {
      await clock.sleep(waitMs, signal);
      const isPaused = pace.isPaused(parsePlace(to.externalId).chatId, clock.monotonicMs());
      waitMs = isPaused ? REPEAT_AFTER_MS : await sendTyping(deps, to, signal);
    }
  } catch {
    // The work has ended.
  }
}

/** Settles with the wait until the next time; `undefined` when there is to be none. */
async function sendTyping(
  { api }: Deps,
  { externalId }: Address,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { chatId, threadId } = parsePlace(externalId);
  const payload = {
    chat_id: chatId,
    action: "typing" as const,
    ...(threadId === undefined ? {} : { message_thread_id: threadId }),
  };
  const result = await api.call(
    (raw, limited) => raw.sendChatAction(payload, limited),
    ACTION_TIMEOUT_MS,
    signal,
  );
  if (result.ok) return REPEAT_AFTER_MS;
  const { failure } = result;
  if (failure.kind === "refused" || failure.kind === "migrated") return undefined;
  return failure.kind === "flood"
    ? Math.max(REPEAT_AFTER_MS, failure.retryAfterMs)
    : REPEAT_AFTER_MS;
}
