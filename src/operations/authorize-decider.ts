import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { type PairingRow, pendingPairingsOf } from "../store/queries/pairings.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";

/**
 * Who decides about a request: the key or identity that calls, whoever it claims to be.
 * @throws AppError `access_denied`, also when the claim is somebody else.
 */
export async function authorizeDecider(
  deps: OperationDeps,
  actor: Actor,
  claimedUserId: string | undefined,
): Promise<Authorized> {
  const who = await authorize(deps, actor, "decide:pairing");
  if (claimedUserId !== undefined && claimedUserId !== who.userId) {
    throw new AppError(
      "access_denied",
      `approver_user_id: whoever calls decides, and that is ${who.userId}. Leave it out.`,
    );
  }
  return who;
}

/** The other open requests of whoever made this one: they end with it. */
export async function otherRequests(
  { store }: OperationDeps,
  pairing: PairingRow,
): Promise<readonly PairingRow[]> {
  const { connector, external_user_id: externalUserId } = pairing;
  if (externalUserId === null) return [];
  const open = await store.all(pendingPairingsOf, { connector, externalUserId });
  return open.filter(({ id }) => id !== pairing.id);
}
