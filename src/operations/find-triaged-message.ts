import { type MessageRow, messageById } from "../store/queries/messages.ts";
import type { TaskRow } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";

/** The message that triage made the task of; `undefined` when somebody asked for it. */
export async function findTriagedMessage(
  store: Reader,
  { message_id: id }: TaskRow,
): Promise<MessageRow | undefined> {
  const message = id === null ? undefined : await store.first(messageById, { id });
  return message?.rule?.startsWith("triage:") === true ? message : undefined;
}
