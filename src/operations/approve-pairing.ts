import type { Actor } from "../core/access/actor.ts";
import { nameRequester } from "../core/access/pairing-name.ts";
import { requireMayGive } from "../core/access/require-rank.ts";
import type { Role } from "../core/access/role.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { PairingRow } from "../store/queries/pairings.ts";
import { linkedPersonById, personByExternalId } from "../store/queries/people.ts";
import { authorizeDecider, otherRequests } from "./authorize-decider.ts";
import { expirePairings } from "./expire-pairings.ts";
import { findPendingPairing } from "./find-pending-pairing.ts";
import { moveChatsOf } from "./move-chats-of.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import type { Refused } from "./refused.ts";
import { findRequesterContext, tellRequester } from "./tell-requester.ts";

export interface ApprovePairingInput {
  readonly code: string;
  /** Default member; not together with a target. */
  readonly role?: Role | undefined;
  /** An existing user whom the person is; only who manages access may say that. */
  readonly targetUserId?: string | undefined;
  /** Who the caller says they are; refused when they are not. */
  readonly claimedUserId?: string | undefined;
}

export interface ApprovedPairing extends Decision {
  readonly status: "approved";
  readonly pairing: PairingRow;
  readonly userId: string;
  readonly identityId: string;
  readonly approverUserId: string;
  readonly role: Role;
}

/**
 * Lets a person in: a user with a workspace of their own, who owns the private conversation they asked in. Their other
 * open codes end. Refused: a code that is unknown, used, denied or too old.
 * @throws AppError `access_denied` (also for a role above the approver's own), `not_found`, `conflict` (paired already).
 */
export async function approvePairing(
  deps: OperationDeps,
  actor: Actor,
  input: ApprovePairingInput,
): Promise<ApprovedPairing | Refused> {
  const who = await authorizeDecider(deps, actor, input.claimedUserId);
  const user = await chooseUser(deps, actor, who, input);
  const attempt = { code: input.code, by: who.userId, of: "person" } as const;
  const found = await findPendingPairing(deps, attempt);
  if (found.status === "refused") return found;

  const { pairing } = found;
  const externalUserId = pairing.external_user_id ?? "";
  const requester = nameRequester({
    connector: pairing.connector,
    externalUserId,
    displayName: pairing.display_name,
  });
  const address = { connector: pairing.connector, externalUserId };
  if ((await deps.store.first(personByExternalId, address)) !== undefined) {
    throw new AppError("conflict", `${requester} is paired already.`);
  }
  const context = await findRequesterContext(deps, pairing);
  const others = expirePairings(
    await otherRequests(deps, pairing),
    "ended when the person was let in",
  );
  const displayName = pairing.display_name;
  const identityId = newId("idn");
  const { id: userId, workspaceId, role } = user;
  const effects: Effect[] = [
    ...(user.isNew ? newUser(user, displayName) : []),
    { type: "link-identity", id: identityId, userId, ...address, displayName },
    ...(await moveChatsOf(deps, address, context, workspaceId)),
    {
      type: "decide-pairing",
      id: pairing.id,
      status: "approved",
      decidedBy: actor.id,
      approverUserId: who.userId,
      reason: null,
      userId,
    },
    ...others.effects,
    ...tellRequester(deps, context, welcome(pairing, role)),
  ];
  return {
    effects,
    seen: [...who.seen, ...user.seen, ...found.seen, ...others.seen],
    status: "approved",
    pairing,
    userId,
    identityId,
    approverUserId: who.userId,
    role,
  };
}

interface ChosenUser {
  readonly id: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly isNew: boolean;
  readonly seen: readonly Seen[];
}

/** Who the person becomes. Never anybody above the approver. */
async function chooseUser(
  deps: OperationDeps,
  actor: Actor,
  who: Authorized,
  { role: asked, targetUserId }: ApprovePairingInput,
): Promise<ChosenUser> {
  if (targetUserId === undefined) {
    const role = asked ?? "member";
    requireMayGive(who.role, role);
    return { id: newId("usr"), workspaceId: newId("ws"), role, isNew: true, seen: [] };
  }
  await authorize(deps, actor, "manage:access");
  if (asked !== undefined) {
    throw new AppError("invalid_input", "role: not together with target_user_id, who has one.");
  }
  const target = await deps.store.first(linkedPersonById, { id: targetUserId });
  if (target === undefined) throw new AppError("not_found", "There is no user of this id.");
  return {
    id: target.id,
    workspaceId: target.workspace_id,
    role: target.role,
    isNew: false,
    seen: [{ table: "users", id: target.id, version: target.version }],
  };
}

function newUser({ id, role, workspaceId }: ChosenUser, displayName: string): readonly Effect[] {
  return [
    { type: "create-workspace", id: workspaceId, name: displayName, ownerUserId: id },
    { type: "create-user", id, displayName, role, workspaceId },
  ];
}

function welcome(pairing: PairingRow, role: Role): RichText {
  return doc(
    p("You are paired as ", code(pairing.display_name), `, with the role ${role}.`),
    p("Write to me as you would to a colleague, or send ", code("/help"), "."),
  );
}
