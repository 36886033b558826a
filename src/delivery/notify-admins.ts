import type { EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { buttons, code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { takeFromCounter } from "../operations/take-from-counter.ts";
import { findContextsBeside } from "../operations/tell-admins.ts";
import { contextById } from "../store/queries/contexts.ts";
import { type DeliveryRow, ownerWebContexts } from "../store/queries/deliveries.ts";
import { messageById } from "../store/queries/messages.ts";
import type { Reader } from "../store/store.ts";

const HOUR_MS = 3_600_000;

/**
 * Tells that a delivery is dead: in the admin contexts over its workspace, and the owners on the page, which reads its
 * replies from the store; without such contexts, in private to whoever looks after the runtime. What was itself such a
 * notice is told on the page only: so chats that refuse cannot keep each other going. Of replies to strangers the first
 * in an hour is told for each conversation: nobody floods admins by refusing what they asked for.
 */
export async function notifyAdmins(
  store: Reader,
  row: DeliveryRow,
  error: string,
  now: EpochMs,
): Promise<Decision> {
  const counted = await takeNotice(store, row, now);
  if (counted === undefined) return { effects: [], seen: [] };
  const chat = await store.first(contextById, { id: row.context_id });
  const found =
    chat === undefined || isNotice(row)
      ? await store.all(ownerWebContexts, {})
      : await findContextsBeside({ store, now }, chat);
  const told = [...new Map(found.map((context) => [context.id, context])).values()].filter(
    ({ id }) => id !== row.context_id,
  );
  // The conversation that a mail came from can be told itself.
  const contexts = row.mail === null || chat === undefined ? told : [chat, ...told];
  const body = noticeText(row, chat?.title ?? "", error);
  return {
    seen: contexts.map(({ id, version }) => ({ table: "contexts", id, version })),
    effects: [
      ...counted,
      ...contexts.map((context) =>
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
    ],
  };
}

/** What telling uses up; `undefined` when it was told often enough. */
async function takeNotice(
  store: Reader,
  { context_id, message_id }: DeliveryRow,
  now: EpochMs,
): Promise<readonly Effect[] | undefined> {
  const asked =
    message_id === null ? undefined : await store.first(messageById, { id: message_id });
  if (asked?.trust !== "stranger") return [];
  const key = `dead-notice:${context_id}`;
  const one = await takeFromCounter({ store, now }, { key, windowMs: HOUR_MS, limit: 1 });
  return one === undefined ? undefined : [one];
}

/** Nobody asked for it. */
function isNotice({ message_id, run_id, task_id }: DeliveryRow): boolean {
  return message_id === null && run_id === null && task_id === null;
}

/** Anybody can call themselves and their chats anything: in code no link, command or name can be tapped. */
function noticeText(row: DeliveryRow, title: string, error: string): RichText {
  const isMail = row.mail !== null;
  const chat = isMail || title === "" ? row.external_id : `${title} (${row.external_id})`;
  const text = p(
    isMail ? "I could not send the mail to " : "I could not deliver a reply to ",
    code(chat),
    `${isMail ? "" : ` on ${row.connector}`}: ${error.replace(/\.$/u, "")}. To send it again: `,
    code(`agent-runtime deliveries replay ${row.id}`),
  );
  if (row.message_id === null) return doc(text);
  return doc(text, buttons({ label: "Explain", command: `/explain ${row.message_id}` }));
}
