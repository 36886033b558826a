import { editsOfMessage } from "../store/queries/edits.ts";
import { type MessageRow, messageByExternalId } from "../store/queries/messages.ts";
import type { Reader } from "../store/store.ts";

/** What its sender has said with one message, over time. */
export interface MessageVersions {
  /** Absent when it is forgotten, or was never given to us. */
  readonly original: MessageRow | undefined;
  /** Edits by whoever wrote the message that is being handled, newest first; that one too when it is an edit. */
  readonly edits: readonly MessageRow[];
}

/** The versions that `message` is one of; only a message of a person has any. */
export async function loadVersions(
  store: Reader,
  message: MessageRow,
): Promise<MessageVersions | undefined> {
  const { connector, account, kind, sender_external_id: sender } = message;
  if (sender === null || (kind !== "message" && kind !== "edit")) return undefined;
  const externalMessageId = message.edit_of ?? message.external_message_id;
  const key = { connector, account, externalMessageId };
  const original = message.edit_of === null ? message : await store.first(messageByExternalId, key);
  const edits = await store.all(editsOfMessage, key);
  return {
    original,
    edits: edits.filter((edit) => edit.kind === "edit" && edit.sender_external_id === sender),
  };
}
