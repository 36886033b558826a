import type { Actor } from "../core/access/actor.ts";
import { isAtLeast, type Role } from "../core/access/role.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { PairingRow } from "../store/queries/pairings.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { findPendingPairing } from "./find-pending-pairing.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { tellRequester } from "./tell-requester.ts";

export type ApprovedPairing = Decision & {
  readonly pairing: PairingRow;
} & (
    | { readonly status: "approved"; readonly userId: string; readonly role: Role }
    /** Nobody was let in; commit the decision all the same, then tell that the code ran out. */
    | { readonly status: "expired" }
  );

/**
 * Lets a person in: a user with a workspace of their own, who owns the private conversation they asked in.
 * @throws AppError `access_denied` (also for a role above the approver's own), `not_found`, `conflict` (used, denied,
 * or the person is paired already).
 */
export async function approvePairing(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly code: string; readonly role?: Role | undefined },
): Promise<ApprovedPairing> {
  const who = await authorize(deps, actor, "decide:pairing");
  const role = input.role ?? "member";
  if (!isAtLeast(who.role, role)) {
    throw new AppError(
      "access_denied",
      `You cannot give the role ${role}: it stands above your own (${who.role}).`,
    );
  }
  const found = await findPendingPairing(deps, input.code, false);
  const { pairing } = found;
  if (found.kind === "expired") return { ...found.decision, pairing, status: "expired" };

  const externalUserId = pairing.external_user_id ?? "";
  const known = await deps.store.first(personByExternalId, {
    connector: pairing.connector,
    externalUserId,
  });
  if (known !== undefined) {
    throw new AppError("conflict", `${pairing.display_name} is paired already.`);
  }
  const userId = newId("usr");
  const effects: Effect[] = [
    ...newUser(pairing, { userId, role, externalUserId }),
    {
      type: "decide-pairing",
      id: pairing.id,
      status: "approved",
      decidedBy: actor.id,
      reason: null,
      userId,
    },
    ...(await tellRequester(deps, pairing, welcome(pairing, role))),
  ];
  return { effects, seen: [...who.seen, found.seen], pairing, status: "approved", userId, role };
}

function newUser(
  pairing: PairingRow,
  { userId, role, externalUserId }: { userId: string; role: Role; externalUserId: string },
): Effect[] {
  const workspaceId = newId("ws");
  const displayName = pairing.display_name;
  const effects: Effect[] = [
    { type: "create-workspace", id: workspaceId, name: displayName, ownerUserId: userId },
    { type: "create-user", id: userId, displayName, role, workspaceId },
    {
      type: "link-identity",
      id: newId("idn"),
      userId,
      connector: pairing.connector,
      externalUserId,
      displayName,
    },
  ];
  if (pairing.context_id !== null) {
    effects.push({ type: "move-context", id: pairing.context_id, workspaceId });
  }
  return effects;
}

function welcome(pairing: PairingRow, role: Role): RichText {
  return doc(
    p(`You are paired as ${pairing.display_name}, with the role ${role}.`),
    p("Write to me as you would to a colleague, or send ", code("/help"), "."),
  );
}
