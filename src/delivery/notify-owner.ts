import type { EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import { buttons, code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { contextById } from "../store/queries/contexts.ts";
import { type DeliveryRow, ownerWebContexts } from "../store/queries/deliveries.ts";
import type { Reader } from "../store/store.ts";

/**
 * Tells the owners on the page that a delivery is dead. The page reads its replies from the store, so this
 * cannot fail to arrive and cannot cause another notice.
 */
export async function notifyOwner(
  store: Reader,
  row: DeliveryRow,
  error: string,
  now: EpochMs,
): Promise<Decision> {
  const contexts = (await store.all(ownerWebContexts, {})).filter(
    ({ id }) => id !== row.context_id,
  );
  const chat = await store.first(contextById, { id: row.context_id });
  const body = noticeText(row, chat?.title ?? "", error);
  return {
    seen: contexts.map(({ id, version }) => ({ table: "contexts", id, version })),
    effects: contexts.map((context) =>
      queueReply({
        context,
        body,
        messageId: null,
        runId: null,
        taskId: null,
        replyToExternalId: null,
        now,
      }),
    ),
  };
}

function noticeText(row: DeliveryRow, title: string, error: string): RichText {
  const chat = title === "" ? row.external_id : `${title} (${row.external_id})`;
  const text = p(
    `I could not deliver a reply to ${chat} on ${row.connector}: ${error}. To send it again: `,
    code(`agent-runtime deliveries replay ${row.id}`),
  );
  if (row.message_id === null) return doc(text);
  return doc(text, buttons({ label: "Explain", command: `/explain ${row.message_id}` }));
}
