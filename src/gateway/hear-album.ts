import { may } from "../core/access/permission.ts";
import type { EpochMs } from "../core/clock.ts";
import { addressingOf } from "../operations/addressing-of.ts";
import { MOST_PARTS } from "../operations/parts-of-album.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import { waitingPartsAfter } from "../store/queries/messages.ts";
import { isCalled, isOrder } from "./is-called.ts";
import { ALBUM_WAIT_MS, hasWork, partsDecided } from "./join-album.ts";
import type { MessageFacts } from "./message-facts.ts";

/**
 * Whether an album is meant for us; `wait`: the part that says so may still be on its way; `behind`: a part with a command
 * is to be decided first, because what that makes is what this belongs to.
 */
export type HeardAlbum = "ours" | "not_ours" | "behind" | { readonly waitUntilMs: EpochMs };

/**
 * In a group the words of an album stand with one of its parts, and so does who they are for: that holds for all of them.
 * What has no such part within a second is not ours, and is not kept.
 */
export async function hearAlbum(deps: ModelDeps, facts: MessageFacts): Promise<HeardAlbum> {
  const { albumId, dropReason, message } = facts;
  if (albumId === undefined || dropReason !== undefined) return "not_ours";
  const calling = (await partsAfter(deps, facts)).find(isCalled);
  if (calling !== undefined && isOrder(calling) && !isOrder(message)) return "behind";
  if (!isInQuestion(deps, facts)) return "not_ours";
  const decided = await partsDecided(deps.store, facts);
  if (calling !== undefined || decided.some((one) => isCalled(one) && hasWork(one))) return "ours";
  const { received_at_ms: sinceMs } = message;
  const isFresh = sinceMs <= deps.now && deps.now < sinceMs + ALBUM_WAIT_MS;
  return isFresh ? { waitUntilMs: sinceMs + ALBUM_WAIT_MS } : "not_ours";
}

/** A part that is not for us by itself, of somebody whom we would answer. */
function isInQuestion(
  { modelRules }: ModelDeps,
  { message, context, person, actor }: MessageFacts,
): boolean {
  return (
    !isCalled(message) &&
    person !== undefined &&
    may(actor.role, "converse") &&
    addressingOf(context, modelRules) !== "all"
  );
}

async function partsAfter({ store }: ModelDeps, { albumId, message, context }: MessageFacts) {
  const { seq, sender_external_id: senderExternalId } = message;
  if (albumId === undefined || senderExternalId === null) return [];
  const of = { contextId: context.id, albumId, senderExternalId, limit: MOST_PARTS };
  return await store.all(waitingPartsAfter, { ...of, seq });
}
