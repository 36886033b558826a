import type { Actor } from "../core/access/actor.ts";
import type { Permission } from "../core/access/permission.ts";
import { requirePermission } from "../core/access/require-permission.ts";
import { isAtLeast, type Role } from "../core/access/role.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Seen } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { linkedUserById } from "../store/queries/people.ts";
import type { Reader } from "../store/store.ts";

/** What every operation is given: the facts, and the instant it decides at. */
export interface OperationDeps {
  readonly store: Reader;
  readonly now: EpochMs;
}

/** An actor with what the store says of them now. */
export interface Authorized {
  readonly userId: string;
  readonly workspaceId: string;
  /** The lower of what the actor was let in with and what the user holds now. */
  readonly role: Role;
  readonly displayName: string;
  readonly seen: readonly Seen[];
}

/**
 * Asks whether the actor may do `permission`, by the role they were let in with and by the one they hold now.
 * @throws AppError `unauthenticated` or `access_denied`.
 */
export async function authorize(
  { store }: OperationDeps,
  actor: Actor,
  permission: Permission,
): Promise<Authorized> {
  requirePermission(actor.role, permission);
  const user =
    actor.userId === undefined
      ? undefined
      : await store.first(linkedUserById, { id: actor.userId });
  if (user === undefined || actor.role === undefined) {
    throw new AppError("unauthenticated", "I do not know who you are yet. Send /pair.");
  }
  requirePermission(user.role, permission);
  return {
    userId: user.id,
    workspaceId: user.workspace_id,
    role: lowerOf(actor.role, user.role),
    displayName: user.display_name,
    seen: [{ table: "users", id: user.id, version: user.version }],
  };
}

function lowerOf(a: Role, b: Role): Role {
  return isAtLeast(a, b) ? b : a;
}
