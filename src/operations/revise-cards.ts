import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { type DeliveryRow, deliveriesOfCard } from "../store/queries/deliveries.ts";
import type { OperationDeps } from "./operation.ts";

/** Nobody has read it, and nobody will. */
const NEVER_READ: ReadonlySet<DeliveryRow["state"]> = new Set(["failed", "dead", "dropped"]);

/**
 * Writes every copy of a card anew, wherever it went: by `change`, from what it says now. Belongs in the commit of what
 * changed its matter, whoever's mouth that came from; of two at once one decides again.
 */
export async function reviseCards(
  { store, now }: OperationDeps,
  card: string,
  change: (body: RichText) => RichText,
): Promise<readonly Effect[]> {
  const rows = await store.all(deliveriesOfCard, { card });
  const newest = new Map(rows.map((row) => [row.revises ?? row.id, row]));
  return rows
    .filter((row) => row.revises === null && !NEVER_READ.has(row.state))
    .flatMap((copy) => reviseCopy(copy, newest.get(copy.id) ?? copy, change, now));
}

function reviseCopy(
  copy: DeliveryRow,
  { body: json, revision }: DeliveryRow,
  change: (body: RichText) => RichText,
  now: number,
): readonly Effect[] {
  const body = change(JSON.parse(json) as RichText);
  if (JSON.stringify(body) === json) return [];
  const { context_id: id, connector, account, external_id, card } = copy;
  const edit = queueReply({
    context: { id, connector, account, external_id },
    body,
    messageId: copy.message_id,
    runId: copy.run_id,
    taskId: copy.task_id,
    card: card ?? undefined,
    replyToExternalId: null,
    now,
  });
  return [
    {
      ...edit,
      kind: "edit",
      revises: { deliveryId: copy.id, revision: (revision ?? 0) + 1 },
    },
  ];
}
