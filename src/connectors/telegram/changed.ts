import type { ChangeResult } from "../../core/delivery/outbound-part.ts";
import type { CallResult } from "./telegram-api.ts";

/** Telegram's words for an edit that was made before. */
const SAME_AS_BEFORE = /message is not modified/i;

/** The id of a message as Telegram's methods want it, of `chat:message`. */
export function messageKey(externalMessageId: string) {
  const [chatId = "", messageId] = externalMessageId.split(":");
  return { chat_id: chatId, message_id: Number(messageId) };
}

/** What became of a change of a message that was sent. */
export function toChangeResult(result: CallResult<unknown>): ChangeResult {
  if (result.ok) return { kind: "done" };
  const { failure } = result;
  const { kind, text: error } = failure;
  if (kind === "flood") return { kind: "not_done", error, retryAfterMs: failure.retryAfterMs };
  if (SAME_AS_BEFORE.test(error)) return { kind: "done" };
  // What was sent to a group before it became a supergroup cannot be changed any more.
  if (kind === "refused" || kind === "bad_format" || kind === "migrated") {
    return { kind: "rejected", error };
  }
  if (kind === "uncertain") return { kind, error };
  return { kind: "not_done", error };
}
