import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { deliveriesOfCard } from "../store/queries/deliveries.ts";
import type { OperationDeps } from "./operation.ts";

/** Says something once in every conversation that has a copy of the card. */
export async function remindOfCard(
  { store, now }: OperationDeps,
  card: string,
  body: RichText,
): Promise<readonly Effect[]> {
  const copies = await store.all(deliveriesOfCard, { card });
  const byContext = new Map(copies.map((copy) => [copy.context_id, copy]));
  return [...byContext.values()].map(
    ({ context_id: id, connector, account, external_id, task_id: taskId }) =>
      queueReply({
        context: { id, connector, account, external_id },
        body,
        messageId: null,
        runId: null,
        taskId,
        replyToExternalId: null,
        now,
      }),
  );
}
