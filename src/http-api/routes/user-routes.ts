import { unixSeconds } from "../../client/shapes/instant.ts";
import {
  type ChangedRole,
  changedRole,
  changeRoleRequest,
  type UnlinkedIdentity,
  type UserPage,
  type UserView,
  unlinkedIdentity,
  unlinkIdentityRequest,
  userPage,
  userQuery,
} from "../../client/shapes/user.ts";
import { toIso } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import { changeRole } from "../../operations/change-role.ts";
import { type ListedUser, listUsers } from "../../operations/list-users.ts";
import { unlinkIdentity } from "../../operations/unlink-identity.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import type { IdentityRow } from "../../store/queries/people.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/users",
  summary: "Everybody who is let in, with the accounts they are known by, a page at a time.",
  permission: "read:all",
  query: userQuery,
  responses: { 200: { description: "A page of them.", schema: userPage } },
  async handle({ context, actor, query }, { store, clock }) {
    const page = await listUsers({ store, now: clock.now() }, actor, query);
    const answer: UserPage = {
      items: page.items.map(toUserView),
      count: page.items.length,
      next_cursor: page.nextCursor,
    };
    return context.json(answer);
  },
});

function toUserView({ user, identities }: ListedUser): UserView {
  return {
    id: user.id,
    display_name: user.display_name,
    role: user.role,
    identities: identities.map(toIdentityView),
    created_at_unix: unixSeconds(user.created_at_ms),
    created_at: toIso(user.created_at_ms),
  };
}

function toIdentityView(identity: IdentityRow): UserView["identities"][number] {
  return {
    id: identity.id,
    connector: identity.connector,
    connector_user_id: identity.external_user_id,
    display_name: identity.display_name,
    created_at_unix: unixSeconds(identity.created_at_ms),
    created_at: toIso(identity.created_at_ms),
  };
}

const changeTheRole = route({
  method: "post",
  path: "/api/v1/users/role",
  summary: "Gives a person another role, never one above your own; 409 for the last overlord.",
  permission: "manage:access",
  body: changeRoleRequest,
  responses: { 200: { description: "The role they have now.", schema: changedRole } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "change-role", actor: actor.id, cause: newId("commit") };
    const done = await commitDecision(deps, step, (now) =>
      changeRole({ store: deps.store, now }, actor, { user: body.user_id, role: body.role }),
    );
    const answer: ChangedRole = {
      user_id: done.userId,
      display_name: done.displayName,
      identities: done.identities.map(toIdentityView),
      role: done.role,
    };
    return context.json(answer);
  },
});

const unlink = route({
  method: "post",
  path: "/api/v1/users/unlink",
  summary: "Makes an account a stranger's again, at once; 409 for that of the last overlord.",
  permission: "manage:access",
  body: unlinkIdentityRequest,
  responses: { 200: { description: "It is unlinked.", schema: unlinkedIdentity } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "unlink-identity", actor: actor.id, cause: newId("commit") };
    const done = await commitDecision(deps, step, (now) =>
      unlinkIdentity({ store: deps.store, now }, actor, { identity: body.identity_id }),
    );
    const answer: UnlinkedIdentity = {
      identity_id: done.identityId,
      connector: done.connector,
      connector_user_id: done.externalUserId,
      display_name: done.displayName,
    };
    return context.json(answer);
  },
});

export const userRoutes = [list, changeTheRole, unlink];
