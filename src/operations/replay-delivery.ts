import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { deadLetterOf } from "./find-dead-letter.ts";
import { findDelivery, requireDeadDelivery } from "./find-delivery.ts";
import { waitingState } from "./judge-dead-letter.ts";
import type { OperationDeps } from "./operation.ts";
import { replayOf } from "./replay-dead-letter.ts";

export interface ReplayedDelivery extends Decision {
  readonly deliveryId: string;
  readonly state: "pending" | "unknown";
}

/**
 * Sends a dead delivery again: what has arrived of it is not repeated, what may have arrived is marked.
 * @throws AppError `not_found`, `conflict` (it is not dead), `access_denied`, `invalid_input` (not a unique tail).
 */
export async function replayDelivery(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly delivery: string },
): Promise<ReplayedDelivery> {
  const { row, who } = await findDelivery(deps, actor, input.delivery);
  requireDeadDelivery(row, "replayed");
  const { effects, seen } = await replayOf(deps.store, await deadLetterOf(deps.store, row));
  return { effects, seen: [...who.seen, ...seen], deliveryId: row.id, state: waitingState(row) };
}
