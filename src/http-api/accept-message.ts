import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Address } from "../core/message/inbound-message.ts";
import { storableText } from "../core/message/storable-text.ts";
import { receiveMessages } from "../operations/receive-messages.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { type MessageRow, messageById, rememberedMessage } from "../store/queries/messages.ts";
import type { HttpDeps } from "./route.ts";

export interface NewMessage {
  readonly address: Address;
  /** Title of the conversation, when it is a new one. */
  readonly title: string;
  readonly text: string;
  /** The caller's own id for it. The same id again is the same message, also when it is the id it got here. */
  readonly messageId: string | undefined;
  /** A button said it. */
  readonly isPressed?: boolean;
}

/**
 * Puts what a caller says into the inbox, as said by `actor` whatever the request claims, and returns its row:
 * an earlier one when this is a repeat. @throws AppError `conflict` when the id was used for another text.
 */
export async function acceptMessage(
  deps: HttpDeps,
  actor: Actor,
  message: NewMessage,
): Promise<MessageRow> {
  const earlier = await findEarlier(deps, message);
  if (earlier !== undefined) return requireSameText(earlier, message);
  const id = newId("msg");
  const externalMessageId = message.messageId ?? id;
  await commitDecision(deps, { name: "receive-messages", actor: actor.id, cause: id }, (now) =>
    receiveMessages(
      { store: deps.store, now },
      [
        {
          address: message.address,
          externalMessageId,
          kind: "message",
          chat: { kind: "private", title: message.title },
          sender: { externalUserId: actor.id, displayName: actor.displayName },
          text: message.text,
          addressed: true,
          ...(message.isPressed === true ? { isPressed: true } : {}),
          sentAtMs: now,
        },
      ],
      { identityId: actor.id, firstId: id },
    ),
  );
  // Of two requests with one id at the same moment only one was recorded.
  const recorded = await findEarlier(deps, { ...message, messageId: externalMessageId });
  if (recorded === undefined)
    throw new AppError("internal", `message ${id} was committed and is not there`);
  return requireSameText(recorded, message);
}

async function findEarlier(
  { store }: HttpDeps,
  { address, messageId }: NewMessage,
): Promise<MessageRow | undefined> {
  if (messageId === undefined) return undefined;
  const remembered = await store.first(rememberedMessage, {
    ...address,
    externalMessageId: messageId,
  });
  const row = await store.first(messageById, { id: remembered?.message_id ?? messageId });
  if (row?.connector === address.connector && row.account === address.account) return row;
  if (remembered !== undefined)
    throw new AppError("conflict", "message_id: this id was used long ago. Take a new one.");
  return undefined;
}

function requireSameText(row: MessageRow, { text }: NewMessage): MessageRow {
  if (row.text === storableText(text)) return row;
  throw new AppError("conflict", "message_id: this id was used for another text.");
}
