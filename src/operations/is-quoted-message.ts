import type { InboundMessage } from "../core/message/inbound-message.ts";

/** Whether the words of a message are somebody else's than its sender's, by its row. */
export function isQuotedMessage({ payload }: { readonly payload: string | null }): boolean {
  return payload !== null && (JSON.parse(payload) as InboundMessage).isQuoted === true;
}
