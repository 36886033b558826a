import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { createTask } from "./create-task.ts";
import { findMessage, findTask } from "./find-by-tail.ts";
import { listTasks } from "./list-tasks.ts";
import { runningWork } from "./running-work.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

const place = {
  address: { connector: "api", account: "key", externalId: "tasks" },
  title: "Tasks",
} as const;

async function aTask(prompt: string, actor = gateway.ownerActor) {
  const made = await gateway.commit("create-task", (deps) =>
    createTask(deps, actor, { prompt, place, messageId: null }),
  );
  return made.task;
}

describe("creating a task", () => {
  it("makes the caller's own conversation when there is none, once", async () => {
    const first = await aTask("one");
    const second = await aTask("two");
    expect(first).toMatchObject({
      workspaceId: gateway.owner.workspaceId,
      kind: "general",
      status: "queued",
    });
    expect(second.contextId).toBe(first.contextId);
  });

  it("takes a unique tail of a conversation and a workspace, but not of somebody else's", async () => {
    const first = await aTask("one");
    const member = await gateway.aPerson("member");
    const admin = await gateway.aPerson("admin", "9");
    const tails = {
      place: { contextId: first.contextId.slice(-8) },
      workspaceId: first.workspaceId.slice(-8),
    };
    const create = (actor: typeof member.actor) =>
      createTask(gateway.deps(), actor, { prompt: "x", messageId: null, ...tails });
    for (const actor of [gateway.ownerActor, admin.actor]) {
      expect((await create(actor)).task).toMatchObject({
        contextId: first.contextId,
        workspaceId: first.workspaceId,
      });
    }
    await expect(create(member.actor)).rejects.toMatchObject({ code: "not_found" });
    const list = { askedInContextId: null, limit: 10, contextId: tails.place.contextId };
    const { items } = await listTasks(gateway.deps(), gateway.ownerActor, list);
    expect(items.map(({ id }) => id)).toEqual([first.id]);
  });

  it("cuts a title by characters as people count them", async () => {
    const { title } = await aTask(`${"👩‍👩‍👧".repeat(100)}\nsecond line`);
    expect(title).toBe(`${"👩‍👩‍👧".repeat(71)}…`);
  });

  it("refuses an empty prompt, a strange conversation and a role too low", async () => {
    const { contextId } = await aTask("one");
    const member = await gateway.aPerson("member");
    const viewer = await gateway.aPerson("viewer", "8");
    const create = (
      actor: typeof member.actor,
      prompt: string,
      where: Parameters<typeof createTask>[2]["place"],
    ) => createTask(gateway.deps(), actor, { prompt, place: where, messageId: null });
    await expect(create(member.actor, " \n", place)).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(create(member.actor, "x", { contextId })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(create(member.actor, "x", place)).rejects.toMatchObject({ code: "not_found" });
    await expect(create(viewer.actor, "x", place)).rejects.toMatchObject({ code: "access_denied" });
  });
});

describe("listing tasks", () => {
  it("pages from the newest to the oldest without gap or repeat", async () => {
    const made: string[] = [];
    for (const prompt of ["1", "2", "3", "4", "5"]) made.unshift((await aTask(prompt)).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listTasks(gateway.deps(), gateway.ownerActor, {
        askedInContextId: null,
        limit: 2,
        cursor,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(made);
  });

  it("shows a member their own, an admin everybody's, and refuses a made-up cursor", async () => {
    await aTask("the owner's");
    const member = await gateway.aPerson("member");
    const admin = await gateway.aPerson("admin", "9");
    const list = (actor: typeof member.actor, more = {}) =>
      listTasks(gateway.deps(), actor, { askedInContextId: null, limit: 10, ...more });
    expect((await list(member.actor)).items).toEqual([]);
    expect((await list(admin.actor)).items).toHaveLength(1);
    expect((await list(admin.actor, { status: "failed" })).items).toEqual([]);
    await expect(list(admin.actor, { workspaceId: "ws_00000000" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(list(admin.actor, { cursor: "'; drop" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("finding by tail", () => {
  it("takes the id, a tail of six, and what people copy along with it", async () => {
    const { id } = await aTask("one");
    for (const text of [id, id.slice(-6), ` \`${id}\`.`, `#${id.slice(-8).toUpperCase()}`]) {
      const found = await findTask(gateway.deps(), gateway.ownerActor, { text, contextId: null });
      expect(found.id).toBe(id);
    }
    const find = (text: string) =>
      findTask(gateway.deps(), gateway.ownerActor, { text, contextId: null });
    await expect(find(id.slice(-5))).rejects.toMatchObject({ code: "invalid_input" });
    await expect(find("%%%%%%%%")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(find("______aaaaaa")).rejects.toMatchObject({ code: "not_found" });
    await expect(find("z".repeat(10_000))).rejects.toMatchObject({ code: "not_found" });
    await expect(find("z".repeat(1_000_000))).rejects.toMatchObject({ code: "not_found" });
  });

  it("refuses a tail that several share", async () => {
    const { contextId, workspaceId } = await aTask("one");
    const rows = ["task_aaaaaaaaaa777777", "task_bbbbbbbbbb777777"];
    for (const id of rows) {
      await gateway.store.transact(({ database }) =>
        database
          .prepare(
            `insert into tasks (id, workspace_id, context_id, kind, title, prompt, status, priority, assigned_lane,
               source_connector, source_external_id, source_user_id, source_text, wording, depth, attempts, taint, cause,
               created_at_ms, finished_at_ms, updated_at_ms, version)
             values (?, ?, ?, 'general', 't', 'p', 'failed', 'p2', 'l', 'api', 'x', 'u', 's', 1, 0, 0, 0, 'c', 1, 1, 1, 1)`,
          )
          .run(id, workspaceId, contextId),
      );
    }
    const find = (text: string) =>
      findTask(gateway.deps(), gateway.ownerActor, { text, contextId: null });
    await expect(find("777777")).rejects.toMatchObject({ code: "invalid_input" });
    expect((await find("b777777")).id).toBe(rows[1]);
  });

  it("names messages only to those who may read them", async () => {
    const member = await gateway.aPerson("member");
    const { message } = await gateway.say("/help");
    const other = await gateway.aPerson("member", "8");
    const find = (actor: typeof member.actor, text: string) =>
      findMessage(gateway.deps(), actor, { text, contextId: null });
    expect((await find(member.actor, message.id)).id).toBe(message.id);
    await expect(find(other.actor, message.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(find(other.actor, message.id.slice(-8))).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await find(gateway.ownerActor, message.id.slice(-8))).id).toBe(message.id);
  });
});

describe("running work", () => {
  it("shows the turns of one conversation, and in private the tasks that the actor may see", async () => {
    const member = await gateway.aPerson("member");
    const { message } = await gateway.say("hello");
    await gateway.say("/task report");
    await aTask("the owner's");
    const here = await runningWork(gateway.deps(), member.actor, { contextId: message.context_id });
    expect([here.turns.length, here.tasks.length]).toEqual([1, 1]);
    const all = await runningWork(gateway.deps(), gateway.ownerActor, {
      contextId: message.context_id,
    });
    expect([all.turns.length, all.tasks.length]).toEqual([1, 2]);
  });
});
