import { answerToPress } from "../gateway/answer-to-press.ts";
import { messageById, rememberedMessage } from "../store/queries/messages.ts";
import type { Store } from "../store/store.ts";

/** Waits until the press of a button is decided and returns what to answer it. Rejects when `signal` aborts. */
export async function answerOfPress(
  store: Store,
  { account, callbackId }: { readonly account: string; readonly callbackId: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const remembered = await store.first(rememberedMessage, {
    connector: "telegram",
    account,
    externalMessageId: callbackId,
  });
  if (remembered === undefined) return undefined;
  const id = remembered.message_id;
  const decided = await store.changes.waitFor(
    (change) => change.topic === "messages" && change.id === id,
    async () => {
      const message = await store.first(messageById, { id });
      return message?.rule === null && message.outcome === "pending" ? undefined : { message };
    },
    signal,
  );
  return decided.message === undefined ? undefined : answerToPress(decided.message);
}
