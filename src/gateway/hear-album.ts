import { may } from "../core/access/permission.ts";
import type { EpochMs } from "../core/clock.ts";
import { addressingOf } from "../operations/addressing-of.ts";
import { albumOf } from "../operations/parts-of-album.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import { waitingMessagesAfter } from "../store/queries/messages.ts";
import { isCalled } from "./is-called.ts";
import { ALBUM_WAIT_MS, MOST_SEARCHED, partsBefore } from "./join-album.ts";
import type { MessageFacts } from "./message-facts.ts";

/** Whether an album is meant for us; `wait`: the part that says so may still be on its way. */
export type HeardAlbum = "ours" | "not_ours" | { readonly waitUntilMs: EpochMs };

/**
 * In a group the words of an album stand with one of its parts, and so does who they are for: that holds for all of them.
 * What has no such part within a second is not ours, and is not kept.
 */
export async function hearAlbum(deps: ModelDeps, facts: MessageFacts): Promise<HeardAlbum> {
  if (!isInQuestion(deps, facts)) return "not_ours";
  const before = await partsBefore(deps.store, facts);
  const isAnswered = before.some(
    (one) => isCalled(one) && (one.run_id !== null || one.task_id !== null),
  );
  if (isAnswered || (await isCalledLater(deps, facts))) return "ours";
  const { received_at_ms: sinceMs } = facts.message;
  const isFresh = sinceMs <= deps.now && deps.now < sinceMs + ALBUM_WAIT_MS;
  return isFresh ? { waitUntilMs: sinceMs + ALBUM_WAIT_MS } : "not_ours";
}

/** A part that is not for us by itself, of somebody whom we would answer. */
function isInQuestion(
  { modelRules }: ModelDeps,
  { albumId, message, context, person, actor, dropReason }: MessageFacts,
): boolean {
  return (
    albumId !== undefined &&
    dropReason === undefined &&
    message.outcome === "pending" &&
    !isCalled(message) &&
    person !== undefined &&
    may(actor.role, "converse") &&
    addressingOf(context, modelRules) !== "all"
  );
}

async function isCalledLater(
  { store }: ModelDeps,
  { albumId, message, context }: MessageFacts,
): Promise<boolean> {
  const later = await store.all(waitingMessagesAfter, {
    contextId: context.id,
    seq: message.seq,
    limit: MOST_SEARCHED,
  });
  return later.some(
    (one) =>
      isCalled(one) &&
      one.sender_external_id === message.sender_external_id &&
      albumOf(one) === albumId,
  );
}
