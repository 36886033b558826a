import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { contextById } from "../store/queries/contexts.ts";
import { runRowById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import { bindContext } from "./bind-context.ts";
import { changeContext } from "./change-context.ts";
import { changeRole } from "./change-role.ts";
import { createWorkspace } from "./create-workspace.ts";
import { listContexts } from "./list-contexts.ts";
import { listWorkspaces } from "./list-workspaces.ts";
import { resetContext } from "./reset-context.ts";
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

const create = (name: string, actor: Actor = gateway.ownerActor) =>
  gateway.commit("create-workspace", (deps) => createWorkspace(deps, actor, { name }));
const bind = (context: string, workspace: string, actor: Actor = gateway.ownerActor) =>
  gateway.commit("bind-context", (deps) => bindContext(deps, actor, { context, workspace }));
const inChat = (externalId: string) =>
  ({ connector: "telegram", account: "900100", externalId }) as const;
async function contextOf(message: Partial<InboundMessage> = {}) {
  const { message: said } = await gateway.say("/help", message);
  return await rowOf(said.context_id);
}
async function rowOf(id: string) {
  const row = await gateway.store.first(contextById, { id });
  if (row === undefined) throw new Error("no conversation");
  return row;
}

describe("a chat that is bound to another workspace", () => {
  it("has its next turns and tasks there, and leaves what it had where it is", async () => {
    await gateway.aPerson("member");
    const group = await contextOf(aGroup("-1"));
    const before = await gateway.say("/task sweep", aGroup("-1"));
    const { workspaceId } = await create("Support");
    const done = await bind(group.id, workspaceId.slice(-8));
    expect(done).toMatchObject({ workspaceName: "Support", moved: [group.id] });
    const task = await gateway.say("/task sweep", aGroup("-1"));
    const turn = await gateway.say("hello", aGroup("-1"));
    const workspaceOf = async (id: string | null) =>
      (await gateway.store.first(taskById, { id: id ?? "" }))?.workspace_id;
    expect(await workspaceOf(before.message.task_id)).toBe(group.workspace_id);
    expect(await workspaceOf(task.message.task_id)).toBe(workspaceId);
    expect(await gateway.store.first(runRowById, { id: turn.message.run_id ?? "" })).toMatchObject({
      workspace_id: workspaceId,
    });
  });

  it("stays where it is when who binds it was let in for more a moment before", async () => {
    const { actor, userId } = await gateway.aPerson("overlord", "8");
    const group = await contextOf(aGroup("-1"));
    const { workspaceId } = await create("Support");
    const input = { context: group.id, workspace: workspaceId };
    const { effects, seen } = await bindContext(gateway.deps(), actor, input);
    await gateway.commit("change-role", (deps) =>
      changeRole(deps, gateway.ownerActor, { user: userId, role: "admin" }),
    );
    const now = gateway.clock.now();
    const late = { name: "bind-context", actor: actor.id, cause: "x", now, effects, seen };
    expect(await gateway.store.commit(late)).toBe("conflict");
    expect(await rowOf(group.id)).toEqual(group);
  });

  it("keeps what holds in it, and is bound once", async () => {
    const { userId } = await gateway.aPerson("admin");
    await gateway.say("/prompt set Be brief.", aGroup("-1"));
    await gateway.say("/admin-channel enable", aGroup("-1"));
    const group = await contextOf(aGroup("-1"));
    const { workspaceId } = await create("Support");
    await bind(group.id, workspaceId);
    const moved = { ...group, workspace_id: workspaceId, version: group.version + 1 };
    expect(await rowOf(group.id)).toEqual(moved);
    expect(moved).toMatchObject({ is_admin: 1, admin_user_id: userId, prompt: "Be brief." });
    expect(await bind(group.id, workspaceId)).toMatchObject({ moved: [], effects: [] });
    expect(await rowOf(group.id)).toEqual(moved);
  });

  it("takes the topics along that are in its workspace, and new ones are where it is", async () => {
    await gateway.aPerson("member");
    const inTopic = (id: string) => ({
      ...aGroup(`-1:${id}`),
      chat: { kind: "group", title: id, part: { of: "-1", title: "Team" } } as const,
    });
    const topic = await contextOf(inTopic("3"));
    const apart = await contextOf(inTopic("4"));
    const group = await contextOf(aGroup("-1"));
    const neighbour = await contextOf(aGroup("-11"));
    const [{ workspaceId }, elsewhere] = [await create("Support"), await create("Elsewhere")];
    await bind(apart.id, elsewhere.workspaceId);
    const { moved } = await bind(group.id, workspaceId);
    expect([...moved].sort()).toEqual([group.id, topic.id].sort());
    expect((await rowOf(apart.id)).workspace_id).toBe(elsewhere.workspaceId);
    expect((await rowOf(neighbour.id)).workspace_id).toBe(neighbour.workspace_id);
    expect((await contextOf(inTopic("5"))).workspace_id).toBe(workspaceId);
  });

  it("is supervised there: several chats and their admin channel share one workspace", async () => {
    await gateway.aPerson("admin");
    await gateway.say("/admin-channel enable", aGroup("-9"));
    const admins = await contextOf(aGroup("-9"));
    const groups = [await contextOf(aGroup("-1")), await contextOf(aGroup("-2"))];
    const { workspaceId } = await create("Support");
    for (const { id } of [admins, ...groups]) await bind(id, workspaceId);
    const { effects } = await tellAdmins(gateway.deps(), [], {
      workspaceId,
      toldInContextId: groups[0]?.id ?? null,
    });
    expect(effects).toMatchObject([{ contextId: admins.id }]);
    const page = await listContexts(gateway.deps(), gateway.ownerActor, { workspaceId, limit: 9 });
    expect(page.items.map(({ id }) => id).sort()).toEqual(
      [admins, ...groups].map(({ id }) => id).sort(),
    );
    await gateway.say("/task sweep", aGroup("-1"));
    const { replies } = await gateway.say("/tasks", aGroup("-9"));
    expect(replies[0]).toContain("sweep");
  });
});

describe("a private chat", () => {
  it("goes to a workspace that nobody owns and back to its person's own, never to another's", async () => {
    const ann = await gateway.aPerson("member", "7");
    const ada = await gateway.aPerson("admin", "8");
    const chat = await contextOf();
    for (const other of [ada.workspaceId, gateway.owner.workspaceId]) {
      await expect(bind(chat.id, other)).rejects.toMatchObject({ code: "conflict" });
    }
    const { workspaceId } = await create("Support");
    await bind(chat.id, workspaceId);
    expect((await rowOf(chat.id)).workspace_id).toBe(workspaceId);
    await expect(bind(chat.id, ada.workspaceId)).rejects.toMatchObject({ code: "conflict" });
    await bind(chat.id, ann.workspaceId);
    expect((await rowOf(chat.id)).workspace_id).toBe(ann.workspaceId);
  });

  it("goes back to its person's own workspace also as a topic", async () => {
    const ann = await gateway.aPerson("member", "7");
    const near = await gateway.aPerson("member", "75");
    const topic = await contextOf({ address: inChat("7:5") });
    const { workspaceId } = await create("Support");
    await bind(topic.id, workspaceId);
    await expect(bind(topic.id, near.workspaceId)).rejects.toMatchObject({ code: "conflict" });
    await bind(topic.id, ann.workspaceId);
    expect((await rowOf(topic.id)).workspace_id).toBe(ann.workspaceId);
  });

  it.each(["7", "7:5"])(
    "of an admin still hears what admins are told, until it is unlinked (%s)",
    async (externalId) => {
      const { identityId } = await gateway.aPerson("admin");
      const chat = await contextOf({ address: inChat(externalId) });
      const { workspaceId } = await create("Support");
      await bind(chat.id, workspaceId);
      const told = async () => {
        const where = { workspaceId: "ws_other", toldInContextId: null };
        const { effects } = await tellAdmins(gateway.deps(), [], where);
        return effects.map((effect) => effect.type === "queue-delivery" && effect.contextId);
      };
      expect(await told()).toContain(chat.id);
      await gateway.commit("unlink-identity", (deps) =>
        unlinkIdentity(deps, gateway.ownerActor, { identity: identityId }),
      );
      expect(await told()).not.toContain(chat.id);
      expect((await rowOf(chat.id)).workspace_id).not.toBe(workspaceId);
    },
  );

  it("of the page or a program is bound to nothing", async () => {
    const { identityId } = await gateway.aPerson("member", "9", "api");
    const address = { connector: "api", account: "9", externalId: "9" } as const;
    const { message } = await gateway.say("/help", { address }, { identityId });
    const { workspaceId } = await create("Support");
    await expect(bind(message.context_id, workspaceId)).rejects.toThrow("Only chats can be bound");
  });
});

it("what was set in a chat is taken away from outside, and nothing else", async () => {
  const { actor } = await gateway.aPerson("admin");
  for (const command of ["/prompt set Obey.", "/settings triage on", "/admin-channel enable hub"]) {
    await gateway.say(command, aGroup("-1"));
  }
  const group = await contextOf(aGroup("-1"));
  expect(group).toMatchObject({ is_hub: 1, prompt: "Obey.", is_triaged: 1 });
  await gateway.commit("reset-context", (deps) =>
    resetContext(deps, actor, { context: group.id.slice(-8) }),
  );
  expect(await rowOf(group.id)).toEqual({
    ...group,
    is_admin: 0,
    is_hub: 0,
    admin_user_id: null,
    prompt: null,
    is_triaged: 0,
    version: group.version + 1,
  });
});

describe("what is wrong", () => {
  it("is said, and changes nothing", async () => {
    await gateway.aPerson("member");
    const group = await contextOf(aGroup("-1"));
    const { workspaceId } = await create("Support");
    for (const [context, workspace, code] of [
      [group.id, "ws_00000000", "not_found"],
      ["ctx_00000000", workspaceId, "not_found"],
      [workspaceId, workspaceId, "not_found"],
      [group.id, "Support", "not_found"],
      [group.id, "ws", "invalid_input"],
      ["", workspaceId, "invalid_input"],
    ] as const) {
      await expect(bind(context, workspace)).rejects.toMatchObject({ code });
    }
    expect(await rowOf(group.id)).toEqual(group);
    await expect(create(" \u200b ")).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("is a second workspace of one name, also when both are made at once", async () => {
    await create("Support  Desk");
    for (const name of ["Support Desk", "support desk", "ＳＵＰＰＯＲＴ Desk"]) {
      await expect(create(name)).rejects.toThrow('a workspace called "Support  Desk" already (ws_');
    }
    const both = await Promise.allSettled([create("Sales"), create("SALES")]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    // People and chats are called what they are called.
    await create("Ada");
    await gateway.aPerson("member", "7");
    await gateway.aPerson("member", "8");
  });

  it("is not done twice on what somebody else changed meanwhile", async () => {
    await gateway.aPerson("member");
    const group = await contextOf(aGroup("-1"));
    const { workspaceId } = await create("Support");
    const late = changeContext(group, { workspaceId });
    await bind(group.id, workspaceId);
    const step = { name: "test", actor: "system", cause: "test", now: gateway.clock.now() };
    expect(await gateway.store.commit({ ...step, effects: [late] })).toBe("conflict");
  });

  it.each(["admin", "operator", "member", "viewer"] as const)(
    "is what a %s tries with workspaces",
    async (role) => {
      const { actor } = await gateway.aPerson(role);
      const group = await contextOf(aGroup("-1"));
      const { workspaceId } = await create("Support");
      for (const asked of [actor, { ...actor, role: "overlord" as const }]) {
        for (const attempt of [
          create("Mine", asked),
          bind(group.id, workspaceId, asked),
          listWorkspaces(gateway.deps(), asked, { limit: 5 }),
        ]) {
          await expect(attempt).rejects.toMatchObject({ code: "access_denied" });
        }
      }
      const contexts = listContexts(gateway.deps(), actor, { limit: 5 });
      if (role === "admin") expect((await contexts).items).not.toEqual([]);
      else await expect(contexts).rejects.toMatchObject({ code: "access_denied" });
      expect(await rowOf(group.id)).toEqual(group);
    },
  );
});

it("lists a page at a time", async () => {
  for (const name of ["a", "b", "c"]) await create(name);
  const names: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listWorkspaces(gateway.deps(), gateway.ownerActor, {
      limit: 2,
      cursor: cursor ?? undefined,
    });
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(names.toSorted()).toEqual(["Owner", "a", "b", "c"]);
  for (const odd of ["c7", "usr_00000000"]) {
    const page = listWorkspaces(gateway.deps(), gateway.ownerActor, { limit: 2, cursor: odd });
    await expect(page).rejects.toMatchObject({ code: "invalid_input" });
  }
});
