import type { Actor } from "../core/access/actor.ts";
import {
  type IdentityRow,
  identitiesOfUsers,
  linkedPeople,
  type UserRow,
} from "../store/queries/people.ts";
import { parseIdCursor, toIdPage } from "./id-page.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface ListedUser {
  readonly user: UserRow;
  /** The accounts they are known by, the first one first. */
  readonly identities: readonly IdentityRow[];
}

export interface UserPage {
  readonly items: readonly ListedUser[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Everybody who is let in, a page at a time; keys stand in a list of their own.
 * @throws AppError `access_denied`, `invalid_input` (cursor).
 */
export async function listUsers(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<UserPage> {
  await authorize(deps, actor, "read:all");
  const afterId = parseIdCursor(input.cursor, "usr");
  const rows = await deps.store.all(linkedPeople, { afterId, limit: input.limit + 1 });
  const { items: users, nextCursor } = toIdPage(rows, input.limit);
  const identities = await identitiesOfUsers(
    deps.store,
    users.map(({ id }) => id),
  );
  return {
    items: users.map((user) => ({
      user,
      identities: identities.filter((identity) => identity.user_id === user.id),
    })),
    nextCursor,
  };
}
