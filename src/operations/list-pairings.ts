import type { Actor } from "../core/access/actor.ts";
import { type PairingRow, pendingPairings } from "../store/queries/pairings.ts";
import { parseIdCursor, toIdPage } from "./id-page.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface PairingPage {
  /** The oldest first. */
  readonly items: readonly PairingRow[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** The requests that wait for a decision, a page at a time. @throws AppError `access_denied`, `invalid_input` (cursor). */
export async function listPairings(
  deps: OperationDeps,
  actor: Actor,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<PairingPage> {
  await authorize(deps, actor, "decide:pairing");
  const afterId = parseIdCursor(cursor, "pair");
  const rows = await deps.store.all(pendingPairings, { now: deps.now, afterId, limit: limit + 1 });
  return toIdPage(rows, limit);
}
