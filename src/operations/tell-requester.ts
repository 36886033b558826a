import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { contextById } from "../store/queries/contexts.ts";
import type { PairingRow } from "../store/queries/pairings.ts";
import type { OperationDeps } from "./operation.ts";

/** Says something to the person who asked to be let in, where they asked. Nothing when that is not known. */
export async function tellRequester(
  { store, now }: OperationDeps,
  pairing: PairingRow,
  body: RichText,
): Promise<readonly Effect[]> {
  const context =
    pairing.context_id === null
      ? undefined
      : await store.first(contextById, { id: pairing.context_id });
  if (context === undefined) return [];
  const nobodyAsked = { messageId: null, runId: null, taskId: null, replyToExternalId: null };
  return [queueReply({ context, body, ...nobodyAsked, now })];
}
