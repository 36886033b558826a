import type { Effect } from "../core/effect/effect.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { type ContextRow, contextByAddress, topicsOfGroup } from "../store/queries/contexts.ts";
import type { Reader } from "../store/store.ts";

export interface ChatMove {
  readonly connector: ConnectorName;
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

type Place = Pick<ContextRow, "id" | "external_id">;

interface Relocated {
  /** The conversation that goes on; `undefined`: there was none. */
  readonly row: ContextRow | undefined;
  readonly effects: readonly Effect[];
}

/**
 * What follows when a platform gives a chat another id: its conversation goes on there, with all it holds, its topics
 * too, and what still comes under the old id belongs to it. Something may have been said under the new id before we
 * heard of the move: that conversation then steps aside to the old id. Told twice, or too late, it changes nothing.
 */
export async function relocateContext(store: Reader, move: ChatMove): Promise<Relocated> {
  const { connector, account, from, to } = move;
  const { row, effects } = await relocateOne(store, move);
  const topics = await store.all(topicsOfGroup, { connector, account, pattern: `${from}:%` });
  const moves = [...effects];
  for (const { external_id: topic } of topics) {
    const there = `${to}${topic.slice(from.length)}`;
    moves.push(...(await relocateOne(store, { ...move, from: topic, to: there })).effects);
  }
  return { row, effects: moves };
}

async function relocateOne(store: Reader, move: ChatMove): Promise<Relocated> {
  const { connector, account, from, to } = move;
  const find = (externalId: string) =>
    store.first(contextByAddress, { connector, account, externalId });
  const old = await find(from);
  const there = await find(to);
  if (from === to || old?.id === there?.id) return { row: there, effects: [] };
  if (there !== undefined && (old === undefined || there.created_at_ms <= old.created_at_ms)) {
    return { row: there, effects: [forwardTo(there.id, move)] };
  }
  if (old === undefined) return { row: undefined, effects: [] };
  // It may have gone on from there before: then it moves from where it is.
  const left = { ...move, from: old.external_id };
  return {
    row: old,
    effects: [...changePlaces(old, there, to), forwardTo(old.id, left)],
  };
}

function changePlaces(old: Place, there: Place | undefined, to: string): readonly Effect[] {
  if (there === undefined) return [relocate(old, to)];
  const aside = `moving:${there.id}`;
  return [
    relocate(there, aside),
    relocate(old, there.external_id),
    relocate({ ...there, external_id: aside }, old.external_id),
  ];
}

/** What still comes under the id that a chat had belongs to the conversation that goes on. */
export function forwardTo(contextId: string, { connector, account, from }: ChatMove): Effect {
  return {
    type: "forward-address",
    address: { connector, account, externalId: from },
    contextId,
  };
}

function relocate({ id, external_id: fromExternalId }: Place, toExternalId: string): Effect {
  return { type: "relocate-context", id, fromExternalId, toExternalId };
}
