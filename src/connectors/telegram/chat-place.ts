/** Where a message goes: a chat, or one topic of a forum. */
export interface ChatPlace {
  readonly chatId: string;
  readonly threadId: number | undefined;
}

/** A topic is a conversation of its own: `-1001234:45`. Every other chat is its bare id. */
export function formatPlace(chatId: number, threadId: number | undefined): string {
  return threadId === undefined ? String(chatId) : `${chatId}:${threadId}`;
}

export function parsePlace(externalId: string): ChatPlace {
  const [chatId = "", thread] = externalId.split(":");
  return { chatId, threadId: thread === undefined ? undefined : Number(thread) };
}
