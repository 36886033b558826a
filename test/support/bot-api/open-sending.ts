import { NEVER } from "../../../src/core/abort.ts";
import type { OutboundSend, SendResult } from "../../../src/core/delivery/outbound-part.ts";
import { openConnector } from "./open-connector.ts";

export const PART = { formatted: "<b>bold</b> &amp; so", plain: "bold & so", buttons: [] };
export const WITH_FILE = {
  ...PART,
  file: { name: "reply.md", text: "# Ü 👩‍👩‍👧‍👦\n\nall of it\n" },
};

/** A connector with a person's chat, and a way to send there. */
export async function openSending(options: Parameters<typeof openConnector>[0] = {}) {
  const t = await openConnector(options);
  const user = t.server.user(123, "Ada");
  const chat = t.server.privateChat(user);
  const send = (
    message: Partial<OutboundSend> & { readonly chat?: number } = {},
    signal: AbortSignal = NEVER,
  ): Promise<SendResult> =>
    t.connector.sender.send(
      {
        to: {
          connector: "telegram",
          account: "700100200",
          externalId: String(message.chat ?? chat.id),
        },
        part: PART,
        format: "formatted",
        replyToExternalId: undefined,
        ...message,
      },
      signal,
    );
  return { ...t, user, chat, send };
}
