import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Role } from "../core/access/role.ts";
import { contextByAddress, contextById } from "../store/queries/contexts.ts";
import { personByExternalId, userById } from "../store/queries/people.ts";
import { bindContext } from "./bind-context.ts";
import { changeRole } from "./change-role.ts";
import { createLoginCode } from "./create-login-code.ts";
import { createWorkspace } from "./create-workspace.ts";
import { findSession } from "./find-session.ts";
import { listUsers } from "./list-users.ts";
import { tellAdmins } from "./tell-admins.ts";
import { unlinkIdentity } from "./unlink-identity.ts";
import { useLoginCode } from "./use-login-code.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

const change = (user: string, role: Role, actor: Actor = gateway.ownerActor) =>
  gateway.commit("change-role", (deps) => changeRole(deps, actor, { user, role }));
const unlink = (identity: string, actor: Actor = gateway.ownerActor) =>
  gateway.commit("unlink-identity", (deps) => unlinkIdentity(deps, actor, { identity }));
const roleOf = async (actor: Actor) =>
  (await gateway.store.first(userById, { id: actor.userId ?? "" }))?.role;
const ownIdentity = (externalUserId: string) =>
  gateway.store.first(personByExternalId, { connector: "telegram", externalUserId });

describe("a role", () => {
  it("is another one from the next message on, by id or by its tail", async () => {
    const { actor } = await gateway.aPerson("viewer");
    expect((await gateway.say("water the plants")).message).toMatchObject({ outcome: "answered" });
    const done = await change((actor.userId ?? "").slice(-8), "member");
    expect(done).toMatchObject({ userId: actor.userId, role: "member" });
    expect((await gateway.say("water the plants")).message).toMatchObject({ outcome: "pending" });
  });

  it("takes hold at once of what somebody was let in for before", async () => {
    const { actor } = await gateway.aPerson("overlord", "8");
    const victim = await gateway.aPerson("member", "9");
    await change(actor.userId ?? "", "viewer");
    const late = change(victim.actor.userId ?? "", "viewer", actor);
    await expect(late).rejects.toMatchObject({ code: "access_denied" });
    expect(await roleOf(victim.actor)).toBe("member");
  });

  it.each(["admin", "operator", "member", "viewer"] as const)("is given by no %s", async (role) => {
    const { actor, identityId } = await gateway.aPerson(role, "8");
    const victim = await gateway.aPerson("viewer", "9");
    for (const claimed of [role, "overlord"] as const) {
      const asked = { ...actor, role: claimed };
      for (const ask of [
        () => change(victim.actor.userId ?? "", "member", asked),
        () => change(actor.userId ?? "", "overlord", asked),
        () => unlink(identityId, asked),
        () => unlink(gateway.owner.identityId, asked),
      ]) {
        await expect(ask()).rejects.toMatchObject({ code: "access_denied" });
      }
    }
    expect(await roleOf(actor)).toBe(role);
  });

  it("of the last overlord stays, also when two demote each other at once", async () => {
    await expect(change(gateway.owner.userId, "admin")).rejects.toThrow("the last overlord");
    const { actor } = await gateway.aPerson("overlord", "8");
    const results = await Promise.allSettled([
      change(gateway.owner.userId, "admin", actor),
      change(actor.userId ?? "", "admin"),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const roles = [await roleOf(actor), await roleOf(gateway.ownerActor)];
    expect(roles.sort()).toEqual(["admin", "overlord"]);
  });

  it("that somebody has already changes nothing", async () => {
    const { actor } = await gateway.aPerson("member");
    expect(await change(actor.userId ?? "", "member")).toMatchObject({ effects: [] });
    await expect(change("usr_00000000", "member")).rejects.toMatchObject({ code: "not_found" });
    await expect(change("usr", "member")).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("an account that is unlinked", () => {
  it("is a stranger's at once, and may ask to be let in again", async () => {
    const { identityId } = await gateway.aPerson("member");
    const before = await gateway.say("hello");
    expect(before.message).toMatchObject({ trust: "paired" });
    await unlink(identityId);
    expect(await ownIdentity("7")).toBeUndefined();
    const after = await gateway.say("hello");
    expect(after.message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
    expect((await gateway.say("/pair")).replies[0]).toContain("pairing code");
    await expect(unlink(identityId)).rejects.toMatchObject({ code: "not_found" });
  });

  it("takes its chat out of the workspace, and hears no more of what admins are told", async () => {
    const { actor, identityId } = await gateway.aPerson("admin");
    const { message } = await gateway.say("hello");
    const place = async () =>
      (await gateway.store.first(contextById, { id: message.context_id }))?.workspace_id;
    const workspaceId = await place();
    const told = async () =>
      (
        await tellAdmins(gateway.deps(), [], { workspaceId: "ws_other", toldInContextId: null })
      ).effects.map((effect) => effect.type === "queue-delivery" && effect.contextId);
    expect(await told()).toContain(message.context_id);
    await unlink(identityId.slice(-10));
    expect(await place()).not.toBe(workspaceId);
    expect(await told()).not.toContain(message.context_id);
    expect(await roleOf(actor)).toBe("admin");
  });

  it("takes the topics of its chat along, also from elsewhere and with another account beside it", async () => {
    const { userId, identityId } = await gateway.aPerson("admin");
    await gateway.commit("test", async () => ({
      seen: [],
      effects: [
        {
          type: "link-identity",
          id: "idn_second",
          userId,
          connector: "telegram",
          externalUserId: "75",
          displayName: "Ada",
        },
      ],
    }));
    const chat = (externalId: string) =>
      ({ connector: "telegram", account: "900100", externalId }) as const;
    const rowOf = (externalId: string) => gateway.store.first(contextByAddress, chat(externalId));
    await gateway.say("/admin-channel enable hub", { address: chat("7:55") });
    await gateway.say("/prompt set Obey.", { address: chat("7:56") });
    const other = { sender: { externalUserId: "75", displayName: "Ada" } };
    await gateway.say("hello", { ...other, address: chat("75:1") });
    const [hub, bound, kept] = [await rowOf("7:55"), await rowOf("7:56"), await rowOf("75:1")];
    expect(hub?.is_hub).toBe(1);
    const { workspaceId } = await gateway.commit("create-workspace", (deps) =>
      createWorkspace(deps, gateway.ownerActor, { name: "Support" }),
    );
    await gateway.commit("bind-context", (deps) =>
      bindContext(deps, gateway.ownerActor, { context: bound?.id ?? "", workspace: workspaceId }),
    );
    await unlink(identityId);
    for (const [externalId, before] of [
      ["7:55", hub?.workspace_id],
      ["7:56", workspaceId],
    ] as const) {
      const row = await rowOf(externalId);
      expect(row).toMatchObject({ is_admin: 0, is_hub: 0, admin_user_id: null, prompt: null });
      expect(row?.workspace_id).not.toBe(before);
    }
    expect(await rowOf("75:1")).toEqual(kept);
  });

  it("ends the pages of its user, and opens no other one", async () => {
    const { actor, identityId } = await gateway.aPerson("admin");
    const login = () =>
      gateway.commit("create-login-code", (deps) =>
        createLoginCode(deps, { userId: actor.userId ?? "" }),
      );
    const { code } = await login();
    const { token } = await gateway.commit("use-login-code", (deps) =>
      useLoginCode(deps, { code }),
    );
    const { code: unused } = await login();
    expect(await findSession(gateway.deps(), token)).toMatchObject({ role: "admin" });
    await unlink(identityId);
    expect(await findSession(gateway.deps(), token)).toBeUndefined();
    const open = gateway.commit("use-login-code", (deps) => useLoginCode(deps, { code: unused }));
    await expect(open).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(login()).rejects.toMatchObject({ code: "not_found" });
  });

  it("does nothing more for who was let in a moment before", async () => {
    const { actor, identityId } = await gateway.aPerson("overlord", "8");
    const victim = await gateway.aPerson("member", "9");
    await unlink(identityId);
    const late = change(victim.actor.userId ?? "", "admin", actor);
    await expect(late).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("is never the admin token, nor the last overlord's last one", async () => {
    const { actor, identityId } = await gateway.aPerson("overlord", "8");
    await expect(unlink(gateway.owner.identityId)).rejects.toThrow("admin token");
    await change(gateway.owner.userId, "admin", actor);
    await expect(unlink(identityId, actor)).rejects.toThrow("the last overlord");
  });
});

describe("the list of people", () => {
  it("goes a page at a time, with the accounts of each, and leaves out who was unlinked", async () => {
    const gone = await gateway.aPerson("member", "8");
    for (const id of ["9", "10", "11"]) await gateway.aPerson("member", id);
    await unlink(gone.identityId);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listUsers(gateway.deps(), gateway.ownerActor, {
        limit: 2,
        cursor: cursor ?? undefined,
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(
        ...page.items.flatMap(({ identities }) => identities.map((one) => one.external_user_id)),
      );
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(["10", "11", "9", "admin-token"]);
    const odd = listUsers(gateway.deps(), gateway.ownerActor, { limit: 2, cursor: "d7" });
    await expect(odd).rejects.toMatchObject({ code: "invalid_input" });
  });
});
