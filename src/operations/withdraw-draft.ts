import type { EpochMs } from "../core/clock.ts";
import { deliverJob } from "../core/delivery/queue-reply.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { laneOf } from "../core/job/lanes.ts";
import { type DeliveryRow, draftOfRun } from "../store/queries/deliveries.ts";
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
  return { seen, effects: takeDraftOut(draft, "its answer was cancelled", now) };
}

/** A draft that stands in its chat, and that no reply takes the place of, goes; what else is said there goes on meanwhile. */
export function takeDraftOut(
  draft: Pick<DeliveryRow, "id" | "version" | "context_id" | "receipts">,
  why: string,
  now: EpochMs,
): readonly Effect[] {
  const { id, version: fromVersion, context_id: contextId, receipts } = draft;
  const job = { ...deliverJob(id, contextId, now), lane: laneOf.draft(id) };
  const kept = { parts: null, partsSent: 1, receipts, marked: false };
  return [
    { type: "move-delivery", id, fromVersion, to: "pending", ...kept, error: why },
    { type: "enqueue-job", job },
  ];
}
