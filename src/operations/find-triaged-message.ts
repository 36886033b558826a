import { type MessageRow, messageById } from "../store/queries/messages.ts";
import type { TaskRow } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";

/** Whether nothing is done about a task until a person says so. What else may block one has a run. */
export function isWaitingForSay({ status, run_id: runId }: TaskRow): boolean {
  return status === "blocked" && runId === null;
}

/** The message that triage made the task of; `undefined` when somebody asked for it. */
export async function findTriagedMessage(
  store: Reader,
  { message_id: id }: Pick<TaskRow, "message_id">,
): Promise<MessageRow | undefined> {
  const message = id === null ? undefined : await store.first(messageById, { id });
  return message?.rule?.startsWith("triage:") === true ? message : undefined;
}
