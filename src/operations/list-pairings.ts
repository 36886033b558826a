import type { Actor } from "../core/access/actor.ts";
import { type PairingRow, pendingPairings } from "../store/queries/pairings.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/** The requests that wait for a decision, oldest first. @throws AppError `access_denied`. */
export async function listPairings(
  deps: OperationDeps,
  actor: Actor,
): Promise<readonly PairingRow[]> {
  await authorize(deps, actor, "decide:pairing");
  return await deps.store.all(pendingPairings, { now: deps.now });
}
