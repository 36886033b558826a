import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { privateContextsOf } from "../store/queries/contexts.ts";
import {
  findIdentityIdsByTail,
  type IdentityRow,
  identitiesOfUser,
  identityById,
  linkedPersonById,
  type UserRow,
} from "../store/queries/people.ts";
import { changeContext, NOTHING_SET } from "./change-context.ts";
import { ADMIN_TOKEN_IDENTITY } from "./ensure-owner.ts";
import { keepAnOverlord } from "./keep-an-overlord.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const IDENTITY: Noun = { prefix: "idn", name: "identity" };

export interface UnlinkedIdentity extends Decision {
  readonly identityId: string;
  readonly connector: string;
  readonly externalUserId: string;
  readonly displayName: string;
}

/**
 * Makes an account a stranger's again at once, ends the pages its user has open, and takes its private chats out of
 * their workspace. @throws AppError `access_denied`, `not_found`, `conflict` (the
 * last overlord, the admin token), `invalid_input` (not a unique tail).
 */
export async function unlinkIdentity(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly identity: string },
): Promise<UnlinkedIdentity> {
  const who = await authorize(deps, actor, "manage:access");
  const { identity, user } = await findIdentity(deps, input.identity);
  if (isAdminToken(identity)) {
    throw new AppError(
      "conflict",
      "This is the admin token, the key of this machine. To change it, set AGENT_RUNTIME_ADMIN_TOKEN, or delete the file admin-token in the data directory, and start again.",
    );
  }
  const others = (await deps.store.all(identitiesOfUser, { userId: user.id })).filter(
    ({ id }) => id !== identity.id,
  );
  const isLast = user.role === "overlord" && others.length === 0;
  const left = isLast ? [await keepAnOverlord(deps, user.id)] : [];
  const { id, connector, external_user_id: externalUserId, display_name: displayName } = identity;
  return {
    effects: [
      { type: "unlink-identity", id, userId: user.id, fromVersion: user.version },
      ...(await takeChatsAway(deps, user, identity, others)),
    ],
    seen: [...who.seen, { table: "identities", id, version: identity.version }, ...left],
    identityId: id,
    connector,
    externalUserId,
    displayName,
  };
}

/**
 * Without another account there every chat is theirs; with one, only the chat with this account and its topics. Such a
 * chat may have been bound to another workspace.
 */
async function takeChatsAway(
  { store }: OperationDeps,
  user: UserRow,
  { connector, external_user_id: account, display_name: name }: IdentityRow,
  others: readonly IdentityRow[],
): Promise<readonly Effect[]> {
  const hasAnother = others.some((other) => other.connector === connector);
  const contexts = await store.all(privateContextsOf, {
    workspaceId: hasAnother ? null : user.workspace_id,
    connector,
    account,
  });
  return contexts.flatMap((context) => {
    const workspaceId = newId("ws");
    return [
      { type: "create-workspace", id: workspaceId, name, ownerUserId: null },
      // What an admin had set there is no stranger's.
      changeContext(context, { ...NOTHING_SET, workspaceId }),
    ] satisfies Effect[];
  });
}

function isAdminToken({ connector, external_user_id }: IdentityRow): boolean {
  return (
    connector === ADMIN_TOKEN_IDENTITY.connector &&
    external_user_id === ADMIN_TOKEN_IDENTITY.externalUserId
  );
}

async function findIdentity({ store }: OperationDeps, text: string) {
  const typed = cleanId(text);
  let identity = await store.first(identityById, { id: typed });
  if (identity === undefined) {
    const ids = await findIdentityIdsByTail(store, tailOf(typed, IDENTITY));
    identity = await store.first(identityById, { id: onlyId(ids, IDENTITY, typed) });
  }
  if (identity === undefined) throw notFound(IDENTITY, typed);
  const user = await store.first(linkedPersonById, { id: identity.user_id });
  if (user === undefined) {
    throw new AppError("conflict", "This is a key. End it with: agent-runtime keys revoke <id>");
  }
  return { identity, user };
}
