import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { cleanName } from "./clean-text.ts";
import { type JsonObject, readInteger, readObject, readText } from "./read-json.ts";

export type Sender = InboundMessage["sender"];

/** @GroupAnonymousBot, whom Telegram names as the sender for an anonymous admin: nobody knows who it was. */
const GROUP_ANONYMOUS_BOT = 1_087_968_824;

/**
 * The person who sent it. A message in a chat's own name (`sender_chat`: an anonymous admin, a linked channel) and
 * a message of a bot have none, whatever `from` says.
 */
export function readSender(content: JsonObject): { sender: Sender; dropReason?: string } {
  const from = readObject(content, "from");
  const id = readInteger(from, "id");
  if (content["sender_chat"] !== undefined || id === undefined || id === GROUP_ANONYMOUS_BOT) {
    return { sender: undefined, dropReason: "anonymous_sender" };
  }
  if (from?.["is_bot"] === true) return { sender: undefined, dropReason: "from_bot" };
  return { sender: { externalUserId: String(id), displayName: readName(from, id) } };
}

function readName(from: JsonObject | undefined, id: number): string {
  const full = `${readText(from, "first_name") ?? ""} ${readText(from, "last_name") ?? ""}`;
  return cleanName(full) || cleanName(readText(from, "username") ?? "") || String(id);
}
