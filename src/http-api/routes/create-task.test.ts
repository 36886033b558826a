import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  addUser,
  commitEffects,
  OWNER,
  OWNER_TOKEN,
  openTestApi,
  type TestApi,
} from "../../../test/support/open-test-api.ts";
import type { CreatedTask, TaskPage, TaskView } from "../../client/shapes/task.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { Commit } from "../../core/effect/commit.ts";

const OTHER: Actor = { id: "idn_other", userId: "usr_other", role: "member", displayName: "Other" };
const SECRET = "canary-secret-1";

let api: TestApi;
beforeEach(async () => {
  const actors = new Map([
    [OWNER_TOKEN, OWNER],
    ["tok_other", OTHER],
  ]);
  api = await openTestApi({
    ports: {
      authenticate: async (token) => actors.get(token),
      redact: (text) => text.replaceAll(SECRET, "[redacted]"),
    },
  });
  await addUser(api.test, OTHER);
});
afterEach(() => api.close());

const send = (body: string, key?: string, token = OWNER_TOKEN): Promise<Response> =>
  api.asOwner("/api/v1/tasks", {
    method: "POST",
    body,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    },
  });
const create = (body: object, key?: string, token?: string) =>
  send(JSON.stringify(body), key, token);
const idOf = async (response: Response) => {
  expect(response.status).toBe(202);
  return ((await response.json()) as CreatedTask).id;
};
const tasks = async () =>
  ((await (await api.asOwner("/api/v1/tasks")).json()) as TaskPage).items as readonly TaskView[];

describe("with an Idempotency-Key", () => {
  it("the same request is the same task, however often and however its JSON is written", async () => {
    const id = await idOf(await create({ prompt: "x", title: "y" }, "k1"));
    expect(await idOf(await create({ prompt: "x", title: "y" }, "k1"))).toBe(id);
    expect(await idOf(await send('{ "title":"y",\n"prompt":"\\u0078" }', "k1"))).toBe(id);
    expect(await tasks()).toHaveLength(1);
  });

  it("many make one task, although each was decided before any was written", async () => {
    await idOf(await create({ prompt: "the conversation is there" }));
    const { store } = api.test;
    const commit = store.commit.bind(store);
    const allDecided = Promise.withResolvers<void>();
    let decided = 0;
    Object.assign(store, {
      async commit(step: Commit) {
        decided += 1;
        if (decided === 20) allDecided.resolve();
        await allDecided.promise;
        return await commit(step);
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => create({ prompt: "x" }, "k1").then(idOf)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(decided).toBe(20);
    expect(await tasks()).toHaveLength(2);
  });

  it("another body is a 409 that says so, also at the same moment", async () => {
    const id = await idOf(await create({ prompt: "x" }, "k1"));
    for (const body of [{ prompt: "y" }, { prompt: "x", priority: "p1" }]) {
      const refused = await create(body, "k1");
      expect(refused.status).toBe(409);
      expect(await refused.json()).toEqual({
        error: `Idempotency-Key: this key was used for another task, ${id}. Take a new one.`,
        code: "conflict",
      });
    }
    const both = await Promise.all([create({ prompt: "x" }, "k2"), create({ prompt: "y" }, "k2")]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(await tasks()).toHaveLength(2);
  });

  it("each caller has their own keys, and another key or none is another task", async () => {
    await addUser(api.test, { ...OTHER, id: "idn_third", userId: "usr_third" });
    const ids = [
      await idOf(await create({ prompt: "x" }, "k1")),
      await idOf(await create({ prompt: "x" }, "k1", "tok_other")),
      await idOf(await create({ prompt: "x" }, "K1")),
      await idOf(await create({ prompt: "x" })),
      await idOf(await create({ prompt: "x" })),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  it("a repeat says how far the task is", async () => {
    const id = await idOf(await create({ prompt: "x" }, "k1"));
    const cancelled = await api.postAsOwner("/api/v1/tasks/cancel", { task_id: id });
    expect(cancelled.status).toBe(202);
    expect(await (await create({ prompt: "x" }, "k1")).json()).toMatchObject({
      id,
      status: "cancelled",
    });
  });

  it.each(["", "two words", "k".repeat(256), "k1, k2", "schlüssel"])(
    "%j is a 400 that names it",
    async (key) => {
      const refused = await create({ prompt: "x" }, key);
      expect(refused.status).toBe(400);
      expect(((await refused.json()) as { error: string }).error).toContain("idempotency-key");
      expect(await tasks()).toEqual([]);
    },
  );

  it("255 visible characters are one", async () => {
    const key = `"!~${"k".repeat(252)}`;
    const id = await idOf(await create({ prompt: "x" }, key));
    expect(await idOf(await create({ prompt: "x" }, key))).toBe(id);
  });

  it("is in the description of the API", async () => {
    const document = await (await api.asOwner("/openapi.json")).json();
    expect(JSON.stringify(document)).toContain('"name":"idempotency-key","in":"header"');
  });
});

it("a conversation that moves meanwhile is looked at again", async () => {
  const { context_id: contextId } = (await (await create({ prompt: "x" })).json()) as CreatedTask;
  const { store } = api.test;
  const commit = store.commit.bind(store);
  const seen: Commit["seen"][] = [];
  let hasMoved = false;
  Object.assign(store, {
    async commit(step: Commit) {
      if (step.name === "create-task" && !hasMoved) {
        hasMoved = true;
        await commitEffects(api.test, [
          { type: "move-context", id: contextId, workspaceId: "ws_usr_other" },
        ]);
      }
      seen.push(step.seen);
      return await commit(step);
    },
  });
  const answer = (await (await create({ prompt: "y" })).json()) as CreatedTask;
  expect(answer).toMatchObject({ context_id: contextId, workspace_id: "ws_usr_other" });
  const contexts = seen.flat().filter((fact) => fact?.table === "contexts");
  expect(contexts).toEqual([
    { table: "contexts", id: contextId, version: 1 },
    { table: "contexts", id: contextId, version: 2 },
  ]);
});

it("keeps line ends and tabs of a prompt and no other control character", async () => {
  await create({
    prompt: "\u001b[31mred\u001b[0m\tand\r\nblue\u0007\u009b\u007f\u2028end \u001b]x",
  });
  expect(await tasks()).toMatchObject([
    {
      title: "red\tand",
      prompt: "red\tand\nblue\u2028end ]x",
      source_text: "red\tand\nblue\u2028end ]x",
    },
  ]);
  expect((await create({ prompt: "\u001b[0m\u0007" })).status).toBe(400);
});

it("shows no secret of the prompt, and keeps it for the work", async () => {
  const id = await idOf(await create({ prompt: `use ${SECRET} there`, title: "t" }));
  const [listed] = await tasks();
  expect(listed).toMatchObject({
    prompt: "use [redacted] there",
    source_text: "use [redacted] there",
  });
  const shown = await (await api.asOwner(`/api/v1/tasks?id=${id}`)).text();
  expect(shown).not.toContain(SECRET);
  const rows = await api.test.store.list<{ prompt: string }>((db) =>
    db.selectFrom("tasks").select("prompt"),
  );
  expect(rows).toEqual([{ prompt: `use ${SECRET} there` }]);
});
