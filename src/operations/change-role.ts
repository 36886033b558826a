import type { Actor } from "../core/access/actor.ts";
import type { Role } from "../core/access/role.ts";
import type { Decision } from "../core/effect/commit.ts";
import {
  findPersonIdsByTail,
  type IdentityRow,
  identitiesOfUser,
  linkedPersonById,
  type UserRow,
} from "../store/queries/people.ts";
import { keepAnOverlord } from "./keep-an-overlord.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const USER: Noun = { prefix: "usr", name: "user" };

export interface ChangedRole extends Decision {
  readonly userId: string;
  readonly displayName: string;
  /** The accounts they are known by, the first one first. */
  readonly identities: readonly IdentityRow[];
  readonly role: Role;
}

/**
 * Gives a person another role; it holds from their next message on. The same role again changes nothing.
 * @throws AppError `access_denied`, `not_found`, `conflict` (the last overlord),
 * `invalid_input` (not a unique tail).
 */
export async function changeRole(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly user: string; readonly role: Role },
): Promise<ChangedRole> {
  const who = await authorize(deps, actor, "manage:access");
  const user = await findPerson(deps, input.user);
  const { role } = input;
  const identities = await deps.store.all(identitiesOfUser, { userId: user.id });
  const result = { userId: user.id, displayName: user.display_name, identities, role };
  if (user.role === role) return { ...result, effects: [], seen: [] };
  const left = user.role === "overlord" ? [await keepAnOverlord(deps, user.id)] : [];
  return {
    ...result,
    effects: [{ type: "set-role", userId: user.id, fromVersion: user.version, role }],
    seen: [...who.seen, ...left],
  };
}

async function findPerson({ store }: OperationDeps, text: string): Promise<UserRow> {
  const typed = cleanId(text);
  const exact = await store.first(linkedPersonById, { id: typed });
  if (exact !== undefined) return exact;
  const ids = await findPersonIdsByTail(store, tailOf(typed, USER));
  const row = await store.first(linkedPersonById, { id: onlyId(ids, USER, typed) });
  if (row === undefined) throw notFound(USER, typed);
  return row;
}
