import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { contextByAddress, contextById } from "../store/queries/contexts.ts";
import { changeContext } from "./change-context.ts";
import { changeRole } from "./change-role.ts";
import { tellAdmins } from "./tell-admins.ts";
import { unlinkIdentity } from "./unlink-identity.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

/** A conversation there is. */
async function contextOf(message: Parameters<Gateway["say"]>[1] = {}) {
  const { message: said } = await gateway.say("hello", message);
  const row = await gateway.store.first(contextById, { id: said.context_id });
  if (row === undefined) throw new Error("no conversation");
  return row;
}
async function ownerPage(): Promise<string> {
  const address = {
    connector: "web",
    account: gateway.owner.userId,
    externalId: gateway.owner.userId,
  } as const;
  return (await gateway.store.first(contextByAddress, address))?.id ?? "";
}
async function supervise(id: string, of: "workspace" | "hub", userId = gateway.owner.userId) {
  const row = await gateway.store.first(contextById, { id });
  if (row === undefined) throw new Error("no conversation");
  await gateway.commit("test", async () => ({
    seen: [],
    effects: [changeContext(row, { supervision: { of, userId } })],
  }));
}
async function toldOf(workspaceId: string, toldInContextId: string | null = null) {
  const happened = { workspaceId, toldInContextId };
  const { effects } = await tellAdmins(gateway.deps(), doc(p("It broke.")), happened);
  return effects.map((effect) => effect.type === "queue-delivery" && effect.contextId).sort();
}

describe("what admins are told of a workspace", () => {
  it("goes to its own admin contexts and to every hub, once to each, and to nobody else", async () => {
    const admin = await gateway.aPerson("admin");
    const [team, other, hub] = [
      await contextOf(aGroup("-1")),
      await contextOf(aGroup("-2")),
      await contextOf(),
    ];
    await supervise(team.id, "workspace");
    await supervise(other.id, "workspace");
    await supervise(hub.id, "hub", admin.userId);
    expect(await toldOf(team.workspace_id)).toEqual([team.id, hub.id].sort());
    expect(await toldOf(other.workspace_id)).toEqual([other.id, hub.id].sort());
    expect(await toldOf(hub.workspace_id)).toEqual([hub.id]);
  });

  it("is not said again where it is said already", async () => {
    const team = await contextOf(aGroup("-1"));
    await supervise(team.id, "workspace");
    expect(await toldOf(team.workspace_id, team.id)).toEqual([]);
  });

  it("goes to whoever looks after the runtime when no admin context is over it", async () => {
    const { userId } = await gateway.aPerson("admin");
    const chat = await contextOf();
    const team = await contextOf(aGroup("-1"));
    const everyone = [chat.id, await ownerPage()].sort();
    expect(await toldOf(team.workspace_id)).toEqual(everyone);
    await supervise(chat.id, "workspace", userId);
    expect(await toldOf(team.workspace_id)).toEqual(everyone);
    expect(await toldOf(chat.workspace_id)).toEqual([chat.id]);
  });

  it("reaches the private chat of nobody who is no admin any more", async () => {
    const { userId } = await gateway.aPerson("admin");
    const hub = await contextOf();
    const team = await contextOf(aGroup("-1"));
    await supervise(hub.id, "hub", userId);
    expect(await toldOf(team.workspace_id)).toEqual([hub.id]);
    await gateway.commit("change-role", (deps) =>
      changeRole(deps, gateway.ownerActor, { user: userId, role: "operator" }),
    );
    expect(await toldOf(team.workspace_id)).toEqual([await ownerPage()]);
  });

  it("reaches no chat whose account was unlinked, whatever else its user has", async () => {
    const { userId, identityId } = await gateway.aPerson("admin");
    await gateway.commit("test", async () => ({
      seen: [],
      effects: [
        {
          type: "link-identity",
          id: "idn_second",
          userId,
          connector: "discord",
          externalUserId: "8",
          displayName: "Ada",
        },
      ],
    }));
    const hub = await contextOf();
    await supervise(hub.id, "hub", userId);
    await gateway.commit("unlink-identity", (deps) =>
      unlinkIdentity(deps, gateway.ownerActor, { identity: identityId }),
    );
    expect(await toldOf("ws_other")).toEqual([await ownerPage()]);
    expect(await gateway.store.first(contextById, { id: hub.id })).toMatchObject({
      is_admin: 0,
      is_hub: 0,
      admin_user_id: null,
    });
  });

  it("reaches no page whose user has no account left", async () => {
    const { userId, identityId } = await gateway.aPerson("admin");
    const address = { connector: "web", account: userId, externalId: userId } as const;
    const { message } = await gateway.say("hello", { address }, { identityId });
    await supervise(message.context_id, "hub", userId);
    expect(await toldOf("ws_other")).toEqual([message.context_id]);
    await gateway.commit("unlink-identity", (deps) =>
      unlinkIdentity(deps, gateway.ownerActor, { identity: identityId }),
    );
    const page = await gateway.store.first(contextById, { id: message.context_id });
    expect(page).toMatchObject({ is_hub: 1, admin_user_id: userId });
    expect(await toldOf("ws_other")).toEqual([await ownerPage()]);
  });
});
