import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { type ContextRow, contextById, privateContextOfPerson } from "../store/queries/contexts.ts";
import type { PairingRow } from "../store/queries/pairings.ts";
import type { OperationDeps } from "./operation.ts";

/** The private conversation of whoever asks to be let in: where they asked, else one they have written in. */
export async function findRequesterContext(
  { store }: OperationDeps,
  { context_id: id, connector, external_user_id: externalUserId }: PairingRow,
): Promise<ContextRow | undefined> {
  if (id !== null) return await store.first(contextById, { id });
  if (externalUserId === null) return undefined;
  return await store.first(privateContextOfPerson, {
    connector: connector as ConnectorName,
    externalUserId,
  });
}

/** Says something to them there. Nothing when they have never written. */
export function tellRequester(
  { now }: OperationDeps,
  context: ContextRow | undefined,
  body: RichText,
): readonly Effect[] {
  if (context === undefined) return [];
  const nobodyAsked = { messageId: null, runId: null, taskId: null, replyToExternalId: null };
  return [queueReply({ context, body, ...nobodyAsked, now })];
}
