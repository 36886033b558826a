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
  const { row, left, place, effects } = await relocateOne(store, move);
  const moves = [...effects];
  const arrived = new Map<string, string>();
  for (const from of left.filter((one) => one !== place)) {
    for (const topic of await topicsOf(store, { ...move, from })) {
      const to = `${place}${topic.slice(from.length)}`;
      const one = await relocateTopic(store, { ...move, from: topic, to }, arrived.get(to));
      if (one.row !== undefined) arrived.set(to, one.row.id);
      moves.push(...one.effects);
    }
  }
  return { row, effects: moves };
}

/** One topic may be known under several ids of its group: what is heard of them all belongs to the `first` that arrived. */
async function relocateTopic(store: Reader, move: ChatMove, first: string | undefined) {
  if (first === undefined) return await relocateOne(store, move);
  return { row: undefined, effects: [forwardTo(first, move)] };
}

async function topicsOf(store: Reader, { connector, account, from }: ChatMove) {
  const topics = await store.all(topicsOfGroup, { connector, account, pattern: `${from}:%` });
  return topics.map(({ external_id: topic }) => topic);
}

interface Gone extends Relocated {
  /** Where it was. */
  readonly left: readonly string[];
  /** Where it goes on. */
  readonly place: string;
}

async function relocateOne(store: Reader, move: ChatMove): Promise<Gone> {
  const { connector, account, from, to } = move;
  const find = (externalId: string) =>
    store.first(contextByAddress, { connector, account, externalId });
  const old = await find(from);
  const there = await find(to);
  const place = there?.external_id ?? to;
  // It may have gone on from there before: then it moves from where it is.
  const at = old?.external_id ?? from;
  const left = at === from ? [from] : [from, at];
  if (from === to || old?.id === there?.id) return { row: there, left, place, effects: [] };
  if (there !== undefined && (old === undefined || there.created_at_ms <= old.created_at_ms)) {
    return { row: there, left, place, effects: [forwardTo(there.id, move)] };
  }
  if (old === undefined) return { row: undefined, left, place, effects: [] };
  const leaving = forwardTo(old.id, { ...move, from: at });
  return { row: old, left, place, effects: [...changePlaces(old, there, to), leaving] };
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
