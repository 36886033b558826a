import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import { contextById } from "../store/queries/contexts.ts";
import { changeRole } from "./change-role.ts";
import { authorize } from "./operation.ts";
import { findScope } from "./task-access.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

/** A conversation after an admin with the account 7 sent `command` there. */
async function contextAfter(command: string, place: Parameters<Gateway["say"]>[1] = {}) {
  const { message } = await gateway.say(command, place);
  const row = await gateway.store.first(contextById, { id: message.context_id });
  if (row === undefined) throw new Error("no conversation");
  return row;
}

async function scopeOf(actor: Actor, contextId: string | null) {
  const who = await authorize(gateway.deps(), actor, "read:tasks");
  return await findScope(gateway.deps(), who, contextId);
}

it("names before a group what belongs there, in an admin channel what it supervises, in a hub everything", async () => {
  const admin = await gateway.aPerson("admin");
  const { actor, userId, workspaceId } = await gateway.aPerson("operator", "8");
  const hub = await contextAfter("/admin-channel enable hub", aGroup("-1"));
  const channel = await contextAfter("/admin-channel enable", aGroup("-2"));
  const group = await contextAfter("/help", aGroup("-3"));
  const here = (contextId: string) => ({ userId: null, workspaceId: null, contextId });
  expect([hub.is_hub, channel.is_admin, channel.is_hub, group.is_admin]).toEqual([1, 1, 0, 0]);
  for (const who of [actor, admin.actor]) {
    expect(await scopeOf(who, hub.id)).toBeUndefined();
    expect(await scopeOf(who, channel.id)).toEqual({
      ...here(channel.id),
      workspaceId: channel.workspace_id,
    });
    expect(await scopeOf(who, group.id)).toEqual(here(group.id));
  }
  expect(await scopeOf(actor, null)).toEqual({ userId, workspaceId, contextId: null });
  expect(await scopeOf(admin.actor, null)).toBeUndefined();
});

it.each(["viewer", "member"] as const)(
  "shows a %s in a hub only what belongs to that group",
  async (role) => {
    await gateway.aPerson("admin");
    const { actor } = await gateway.aPerson(role, "8");
    for (const command of ["/admin-channel enable hub", "/admin-channel enable"]) {
      const { id: contextId } = await contextAfter(command, aGroup("-1"));
      expect(await scopeOf(actor, contextId)).toEqual({
        userId: null,
        workspaceId: null,
        contextId,
      });
    }
  },
);

it("shows who is no admin any more nothing more in the private chat that was their hub", async () => {
  const { actor, userId, workspaceId } = await gateway.aPerson("admin");
  const hub = await contextAfter("/admin-channel enable hub");
  expect(await scopeOf(actor, hub.id)).toBeUndefined();
  await gateway.commit("change-role", (deps) =>
    changeRole(deps, gateway.ownerActor, { user: userId, role: "operator" }),
  );
  const after = await gateway.store.first(contextById, { id: hub.id });
  expect(after).toMatchObject({ kind: "private", is_admin: 1, is_hub: 1 });
  expect(await scopeOf(actor, hub.id)).toEqual({ userId, workspaceId, contextId: hub.id });
});
