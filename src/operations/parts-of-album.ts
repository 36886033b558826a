import { MOST_FILES } from "../core/message/inbound-file.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { messageById, messagesOfTask, pendingMessagesOfRun } from "../store/queries/messages.ts";
import type { Reader } from "../store/store.ts";

/** More parts than that are no album any more. */
export const MOST_PARTS = MOST_FILES;

/** The album that a message is a part of, by its row. */
export function albumOf({ payload }: { readonly payload: string | null }): string | undefined {
  return payload === null ? undefined : (JSON.parse(payload) as InboundMessage).albumId;
}

/**
 * The other parts of the album whose first message a turn answers: they are answered with it. Only albums have any, so
 * that no other turn looks for them.
 */
export async function otherParts(
  store: Reader,
  turn: {
    readonly runId: string;
    readonly message: { readonly id: string; readonly payload: string | null };
  },
) {
  const { runId, message } = turn;
  if (albumOf(message) === undefined) return [];
  const parts = await store.all(pendingMessagesOfRun, { runId });
  return parts.filter(({ id }) => id !== message.id);
}

/** What a task was made of: all parts, when the message that asked for it is of an album. */
export async function messagesBehindTask(
  store: Reader,
  messageId: string | null,
): Promise<readonly NonNullable<(typeof messagesOfTask)["types"]>["row"][]> {
  const message =
    messageId === null ? undefined : await store.first(messageById, { id: messageId });
  if (message === undefined) return [];
  if (message.task_id === null || albumOf(message) === undefined) return [message];
  return await store.all(messagesOfTask, { taskId: message.task_id });
}
