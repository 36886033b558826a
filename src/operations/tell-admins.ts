import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { privateContextsOfAdmins } from "../store/queries/contexts.ts";
import type { OperationDeps } from "./operation.ts";

const MOST_CONTEXTS = 100;
const MOST_TOLD = 5;

/**
 * Says something to everyone who looks after the runtime: one private conversation each, a chat rather than the page.
 * Nobody is told in `exceptContextId`, where it is said already.
 */
export async function tellAdmins(
  { store, now }: OperationDeps,
  body: RichText,
  exceptContextId: string | null,
): Promise<readonly Effect[]> {
  const contexts = await store.all(privateContextsOfAdmins, { limit: MOST_CONTEXTS });
  const chatsFirst = contexts.toSorted(
    (a, b) => Number(a.connector === "web") - Number(b.connector === "web"),
  );
  const told = new Map<string, Effect>();
  for (const context of chatsFirst) {
    if (told.has(context.user_id) || told.size === MOST_TOLD) continue;
    if (contexts.some(({ id, user_id }) => id === exceptContextId && user_id === context.user_id)) {
      continue;
    }
    told.set(
      context.user_id,
      queueReply({
        context,
        body,
        messageId: null,
        runId: null,
        taskId: null,
        replyToExternalId: null,
        now,
      }),
    );
  }
  return [...told.values()];
}
