import type { Role } from "../core/access/role.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { personByExternalId, userById } from "../store/queries/people.ts";
import { findPendingPairing, unknownCode } from "./find-pending-pairing.ts";
import { moveChatsOf } from "./move-chats-of.ts";
import type { OperationDeps } from "./operation.ts";
import type { Refused } from "./refused.ts";

export interface RedeemOwnerLinkInput {
  readonly code: string;
  readonly connector: ConnectorName;
  /** As the platform vouches for it. */
  readonly externalUserId: string;
  readonly displayName: string;
  /** The private conversation the code was sent in. */
  readonly contextId: string;
}

export interface RedeemedOwnerLink extends Decision {
  readonly status: "linked";
  readonly displayName: string;
  readonly role: Role;
}

/**
 * Links the sender to the owner, who printed the code on the machine's own terminal. One use, ten minutes.
 * Refused: a code that is unknown, used or too old. @throws AppError `not_found` (a code of another connector),
 * `conflict` (the sender is paired as somebody already).
 */
export async function redeemOwnerLink(
  deps: OperationDeps,
  input: RedeemOwnerLinkInput,
): Promise<RedeemedOwnerLink | Refused> {
  const { connector, externalUserId } = input;
  const by = `${connector}:${externalUserId}`;
  const found = await findPendingPairing(deps, { code: input.code, by, of: "owner" });
  if (found.status === "refused") return found;
  const { pairing } = found;
  const owner =
    pairing.user_id === null
      ? undefined
      : await deps.store.first(userById, { id: pairing.user_id });
  if (pairing.connector !== connector || owner === undefined) {
    throw unknownCode("owner");
  }
  if ((await deps.store.first(personByExternalId, { connector, externalUserId })) !== undefined) {
    throw new AppError("conflict", "You are paired already.");
  }
  const identityId = newId("idn");
  const effects: Effect[] = [
    {
      type: "link-identity",
      id: identityId,
      userId: owner.id,
      connector,
      externalUserId,
      displayName: input.displayName,
    },
    ...(await moveChatsOf(deps, input, { id: input.contextId }, owner.workspace_id)),
    {
      type: "decide-pairing",
      id: pairing.id,
      status: "approved",
      decidedBy: identityId,
      approverUserId: owner.id,
      reason: null,
      userId: owner.id,
    },
  ];
  return {
    effects,
    seen: [...found.seen, { table: "users", id: owner.id, version: owner.version }],
    status: "linked",
    displayName: owner.display_name,
    role: owner.role,
  };
}
