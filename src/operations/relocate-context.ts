import type { Effect } from "../core/effect/effect.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { type ContextRow, contextByAddress } from "../store/queries/contexts.ts";
import type { Reader } from "../store/store.ts";

export interface ChatMove {
  readonly connector: ConnectorName;
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

type Place = Pick<ContextRow, "id" | "created_at_ms">;

/** Conversations that the same commit creates. */
interface Unsaved {
  readonly old?: Pick<ContextRow, "id"> | undefined;
  readonly there?: Pick<ContextRow, "id"> | undefined;
}

/**
 * What follows when a platform gives a chat another id: its conversation goes on there, with all it holds. Something
 * may have been said under the new id before we heard of the move: that conversation then steps aside to the old id.
 * Told twice, or too late, it changes nothing. `row`: the conversation that goes on; `undefined`: there was none.
 */
export async function relocateContext(
  store: Reader,
  { connector, account, from, to }: ChatMove,
  unsaved: Unsaved = {},
): Promise<{
  readonly row: Pick<ContextRow, "id"> | undefined;
  readonly effects: readonly Effect[];
}> {
  const find = async (externalId: string, fresh: Pick<ContextRow, "id"> | undefined) =>
    (await store.first(contextByAddress, { connector, account, externalId })) ?? justMade(fresh);
  const old = await find(from, unsaved.old);
  const there = await find(to, unsaved.there);
  if (old === undefined || from === to) return { row: there, effects: [] };
  if (there === undefined) return { row: old, effects: [relocate(old.id, from, to)] };
  if (there.created_at_ms <= old.created_at_ms) return { row: there, effects: [] };
  const aside = `moving:${there.id}`;
  return {
    row: old,
    effects: [
      relocate(there.id, to, aside),
      relocate(old.id, from, to),
      relocate(there.id, aside, from),
    ],
  };
}

function justMade(fresh: Pick<ContextRow, "id"> | undefined): Place | undefined {
  return fresh === undefined ? undefined : { id: fresh.id, created_at_ms: Number.MAX_SAFE_INTEGER };
}

function relocate(id: string, fromExternalId: string, toExternalId: string): Effect {
  return { type: "relocate-context", id, fromExternalId, toExternalId };
}
