import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { dropOf } from "./drop-dead-letter.ts";
import { deadLetterOf } from "./find-dead-letter.ts";
import { findDelivery, requireDeadDelivery } from "./find-delivery.ts";
import type { OperationDeps } from "./operation.ts";

export interface DroppedDelivery extends Decision {
  readonly deliveryId: string;
}

/**
 * Gives a dead delivery up for good; who did and why stays with it.
 * @throws AppError `not_found`, `conflict` (it is not dead), `access_denied`, `invalid_input` (not a unique tail).
 */
export async function dropDelivery(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly delivery: string; readonly reason: string },
): Promise<DroppedDelivery> {
  const { row, who } = await findDelivery(deps, actor, input.delivery);
  requireDeadDelivery(row, "dropped");
  const job = await deadLetterOf(deps.store, row);
  const { effects, seen } = await dropOf(deps.store, job, { by: actor.id, reason: input.reason });
  return { effects, seen: [...who.seen, ...seen], deliveryId: row.id };
}
