import type { EpochMs } from "../core/clock.ts";
import { deliverJob } from "../core/delivery/queue-reply.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import { draftOfRun } from "../store/queries/deliveries.ts";
import type { Reader } from "../store/store.ts";

/**
 * What follows for the draft of an answer that ends without a reply: it is taken out of the chat. One that is still on
 * its way there finds out by itself.
 */
export async function withdrawDraft(store: Reader, runId: string, now: EpochMs): Promise<Decision> {
  const draft = await store.first(draftOfRun, { runId });
  if (draft === undefined) return { effects: [], seen: [] };
  const seen: readonly Seen[] = [{ table: "deliveries", id: draft.id, version: draft.version }];
  if (draft.state !== "sent") return { effects: [], seen };
  return {
    seen,
    effects: [
      {
        type: "move-delivery",
        id: draft.id,
        fromVersion: draft.version,
        to: "pending",
        parts: null,
        partsSent: draft.parts_sent,
        receipts: draft.receipts,
        marked: false,
        error: null,
      },
      { type: "enqueue-job", job: deliverJob(draft.id, draft.context_id, now) },
    ],
  };
}
