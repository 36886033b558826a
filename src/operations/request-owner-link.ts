import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { ownerUser } from "../store/queries/people.ts";
import { createOwnerLink, type OwnerLink } from "./create-owner-link.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/**
 * The owner's own pairing link, asked for with the owner's key or session. It pairs with the owner, so nobody else may
 * make one, whatever their role. @throws AppError `access_denied`.
 */
export async function requestOwnerLink(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly connector: ConnectorName },
): Promise<OwnerLink> {
  const { userId } = await authorize(deps, actor, "manage:access");
  const owner = await deps.store.first(ownerUser, {});
  if (owner?.id !== userId) {
    throw new AppError("access_denied", "Only the owner of this machine can make this link.");
  }
  return createOwnerLink(deps, input);
}
