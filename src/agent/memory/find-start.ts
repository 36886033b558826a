import { conversationStart } from "../../store/queries/conversation.ts";
import type { Reader } from "../../store/store.ts";

/** From where a conversation is told word by word. */
export interface ConversationStart {
  /** It was begun anew with this message; what was said up to it, and what answers that, belongs to another. 0: never. */
  readonly startSeq: number;
  readonly afterMessageSeq: number;
  readonly afterReplySeq: number;
}

/**
 * Where the conversation began that a message is part of. One that still waits for its answer when its conversation is
 * begun anew stays part of the old one. `null`: of what is said now.
 */
export async function findStart(
  reader: Reader,
  { contextId, messageSeq }: { readonly contextId: string; readonly messageSeq: number | null },
): Promise<ConversationStart> {
  const beforeSeq = messageSeq ?? Number.MAX_SAFE_INTEGER;
  const start = await reader.first(conversationStart, { contextId, beforeSeq });
  const startSeq = start?.message_seq ?? 0;
  return { startSeq, afterMessageSeq: startSeq, afterReplySeq: start?.reply_seq ?? 0 };
}
