import type { RuntimeClient } from "../client/runtime-client.ts";
import type { ChatReply, ChatRequest } from "../client/shapes/chat.ts";
import { systemClock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";

/** The longest that one request may wait; more is several requests. */
const LONGEST_WAIT_SECONDS = 120;

export type ChatConnector = NonNullable<ChatRequest["connector"]>;

export interface Conversation {
  readonly connector: ChatConnector;
  readonly externalId: string;
  readonly timeoutSeconds: number;
}

/**
 * Says `text` once and waits for what comes of it. Still `pending` when the time is over, or when it waits for an approval:
 * the work goes on.
 */
export async function ask(
  runtime: RuntimeClient,
  conversation: Conversation,
  text: string,
  signal: AbortSignal,
): Promise<ChatReply> {
  // With an id of our own every further request waits for the same message and never says it again.
  const request = {
    connector: conversation.connector,
    external_id: conversation.externalId,
    message_id: newId("msg"),
    text,
  };
  const endsAtMs = systemClock.monotonicMs() + conversation.timeoutSeconds * 1_000;
  for (;;) {
    const leftMs = Math.max(0, endsAtMs - systemClock.monotonicMs());
    const wait = Math.min(LONGEST_WAIT_SECONDS, Math.ceil(leftMs / 1_000));
    const reply = await runtime.chat({ ...request, wait_seconds: wait }, signal);
    const isOver = reply.outcome !== "pending" || (reply.waits_for ?? []).length > 0;
    if (isOver || systemClock.monotonicMs() >= endsAtMs) return reply;
  }
}
