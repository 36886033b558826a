import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  addUser,
  commitEffects,
  OWNER,
  OWNER_TOKEN,
  openTestApi,
  type TestApi,
} from "../../../test/support/open-test-api.ts";
import type { TaskPage, TaskView } from "../../client/shapes/task.ts";
import type { Actor } from "../../core/access/actor.ts";
import { laneOf, PRIORITY } from "../../core/job/lanes.ts";
import { jobsOfLane } from "../../store/queries/jobs.ts";

const OTHER: Actor = { id: "idn_other", userId: "usr_other", role: "member", displayName: "Other" };
const VIEWER: Actor = {
  id: "idn_viewer",
  userId: "usr_viewer",
  role: "viewer",
  displayName: "Viewer",
};
const KEYS = new Map([
  [OWNER_TOKEN, OWNER],
  ["tok_other", OTHER],
  ["tok_viewer", VIEWER],
]);

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi({ ports: { authenticate: async (token) => KEYS.get(token) } });
  await addUser(api.test, OTHER);
  await addUser(api.test, VIEWER);
});
afterEach(() => api.close());

const as = (token: string) => ({
  headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
});
const post = (path: string, body: unknown, token = OWNER_TOKEN): Promise<Response> =>
  api.asOwner(path, { method: "POST", body: JSON.stringify(body), ...as(token) });
const get = (query: string, token = OWNER_TOKEN): Promise<Response> =>
  api.asOwner(`/api/v1/tasks${query}`, as(token));

async function create(body: Record<string, unknown>, token = OWNER_TOKEN): Promise<string> {
  const response = await post("/api/v1/tasks", body, token);
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

/** As the worker would: the task failed and its job is gone. */
async function fail(id: string): Promise<void> {
  const jobs = await api.test.store.all(jobsOfLane, { lane: laneOf.task(id) });
  await commitEffects(api.test, [
    ...jobs.map(({ id: jobId, lane }) => ({ type: "remove-job", jobId, lane }) as const),
    {
      type: "move-task",
      id,
      from: ["queued"],
      to: "failed",
      runId: null,
      resultSummary: null,
      resultText: null,
      errorMessage: "no such place",
    },
  ]);
}

it("creates a task from a prompt alone and shows it with the reference's fields", async () => {
  const id = await create({ prompt: "Look at the weather\nand tell me" });
  const task = (await (await get(`?id=${id}`)).json()) as TaskView;
  expect(task).toMatchObject({
    id,
    title: "Look at the weather",
    status: "queued",
    workspace_id: "ws_usr_owner",
    source_connector: "api",
    result_text: "",
    retry_of_task: "",
    started_at_unix: 0,
    started_at: null,
  });
  expect(task.created_at_unix).toBe(Math.floor(Date.parse(task.created_at) / 1_000));
  expect(((await (await get(`?id=${id.slice(-6)}`)).json()) as TaskView).id).toBe(id);
});

it("pages through tasks newest first, without a gap when new ones come in between", async () => {
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1)
    ids.push(await create({ prompt: `task ${number}` }));
  const first = (await (await get("?limit=2")).json()) as TaskPage;
  await create({ prompt: "newer" });
  const second = (await (await get(`?limit=2&cursor=${first.next_cursor}`)).json()) as TaskPage;
  const third = (await (await get(`?limit=2&cursor=${second.next_cursor}`)).json()) as TaskPage;
  expect([first, second, third].flatMap((page) => page.items.map((task) => task.id))).toEqual(
    ids.reverse(),
  );
  expect([first.count, second.count, third.count]).toEqual([2, 2, 1]);
  expect(third.next_cursor).toBeNull();
});

it("cancels once, and a finished or unknown one is 409 or 404", async () => {
  const id = await create({ prompt: "x" });
  const response = await post("/api/v1/tasks/cancel", { task_id: id });
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ task_id: id, status: "cancelled" });
  expect((await post("/api/v1/tasks/cancel", { task_id: id })).status).toBe(409);
  expect((await post("/api/v1/tasks/cancel", { task_id: "task_0000000000000000" })).status).toBe(
    404,
  );
});

it("retries what failed, and nothing else", async () => {
  const id = await create({ prompt: "x" });
  expect((await post("/api/v1/tasks/retry", { task_id: id })).status).toBe(409);
  await fail(id);
  const [response, pressedTwice] = await Promise.all([
    post("/api/v1/tasks/retry", { task_id: id }),
    post("/api/v1/tasks/retry", { task_id: id }),
  ]).then((both) => both.toSorted((a, b) => a.status - b.status));
  if (response === undefined) throw new Error("no answer");
  expect(pressedTwice?.status).toBe(409);
  expect(response.status).toBe(202);
  const retried = (await response.json()) as { task_id: string };
  expect(retried).toMatchObject({ retry_of_task: id, status: "queued", kind: "general" });
  const page = (await (await get("?status=failed")).json()) as TaskPage;
  expect(page.items.map((task) => [task.id, task.error_message])).toEqual([[id, "no such place"]]);
});

it("tells which tasks are overdue, and lists them alone when asked", async () => {
  const now = Math.floor(api.test.clock.now() / 1_000);
  const late = await create({ prompt: "late", due_at_unix: now - 60 });
  const over = await create({ prompt: "over", due_at_unix: now - 60 });
  await post("/api/v1/tasks/cancel", { task_id: over });
  await create({ prompt: "in time", due_at_unix: now + 60 });
  await create({ prompt: "whenever", due_at_unix: 0 });
  const all = (await (await get("")).json()) as TaskPage;
  const overdue = all.items.filter((task) => task.is_overdue);
  expect(overdue.map(({ id }) => id)).toEqual([late]);
  for (const token of [OWNER_TOKEN, "tok_other"]) {
    const page = (await (await get("?overdue=true", token)).json()) as TaskPage;
    expect([token, page.items.map(({ id }) => id)]).toEqual([
      token,
      token === OWNER_TOKEN ? [late] : [],
    ]);
  }
  expect((await get("?overdue=maybe")).status).toBe(400);
});

it("routes an open task, and says what it is now", async () => {
  const id = await create({ prompt: "x" });
  const body = { task_id: id.slice(-6), route_class: "question", priority: "p1", due_window: "1h" };
  const response = await post("/api/v1/tasks/route", body);
  expect(response.status).toBe(200);
  const routed = await response.json();
  expect(routed).toMatchObject({
    task_id: id,
    status: "queued",
    route_class: "question",
    priority: "p1",
    assigned_lane: "support",
    waits_because: "",
  });
  const task = (await (await get(`?id=${id}`)).json()) as TaskView;
  const { due_at, due_at_unix, route_class, priority, assigned_lane } = task;
  expect(routed).toMatchObject({ due_at, due_at_unix, route_class, priority, assigned_lane });
  const [job] = await api.test.store.all(jobsOfLane, { lane: laneOf.task(id) });
  expect(job).toMatchObject({ priority: PRIORITY.p1 });
  const low = { task_id: id, route_class: "same", priority: "p3" };
  expect(await (await post("/api/v1/tasks/route", low)).json()).toMatchObject({
    route_class: "question",
    priority: "p3",
    due_at,
  });
  const noise = { task_id: id, route_class: "noise" };
  expect(await (await post("/api/v1/tasks/route", noise)).json()).toMatchObject({
    status: "cancelled",
    due_at: null,
  });
  expect((await post("/api/v1/tasks/route", noise)).status).toBe(409);
});

it.each([
  [{ route_class: "bug" }, "route_class"],
  [{ route_class: "issue", priority: "urgent" }, "priority"],
  [{ route_class: "issue", due_window: "soon" }, "due window"],
  [{ route_class: "noise", priority: "p1" }, "Noise"],
  [{ route_class: "same", priority: "p1" }, "Say it: question"],
])("routes nothing by %j, and names %s", async (body, key) => {
  const id = await create({ prompt: "x" });
  const response = await post("/api/v1/tasks/route", { task_id: id, ...body });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain(key);
});

describe("who may", () => {
  it("others' tasks are not there for a member, and a viewer creates none", async () => {
    const id = await create({ prompt: "private" });
    expect((await get(`?id=${id}`, "tok_other")).status).toBe(404);
    expect(((await (await get("", "tok_other")).json()) as TaskPage).items).toEqual([]);
    expect((await post("/api/v1/tasks/cancel", { task_id: id }, "tok_other")).status).toBe(404);
    const refused = await post("/api/v1/tasks", { prompt: "x" }, "tok_viewer");
    expect(refused.status).toBe(403);
    expect(await refused.json()).toEqual({
      error: expect.stringContaining("viewer"),
      code: "access_denied",
    });
  });

  it("a role that is too low is 403 before its bad input is 400", async () => {
    expect((await post("/api/v1/tasks", { nonsense: 1 }, "tok_viewer")).status).toBe(403);
  });

  it("the owner may name a conversation, a member only their own", async () => {
    const { context_id } = (await (await post("/api/v1/tasks", { prompt: "x" })).json()) as {
      context_id: string;
    };
    expect((await post("/api/v1/tasks", { prompt: "y", context_id })).status).toBe(202);
    expect((await post("/api/v1/tasks", { prompt: "y", context_id }, "tok_other")).status).toBe(
      404,
    );
  });
});

it.each([
  ["?limit=0", "limit"],
  ["?limit=501", "limit"],
  ["?limit=x", "limit"],
  ["?limit=", "limit"],
  ["?cursor=zzz", "cursor"],
  ["?status=nope", "status"],
  ["?kind=nope", "kind"],
  ["?foo=1", "foo"],
  ["?limit=1&limit=2", "limit"],
  ["?id=abcdef&status=failed", "status"],
])("GET /api/v1/tasks%s is a 400 that names %s", async (query, key) => {
  const response = await get(query);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain(key);
});

it.each([
  [{ prompt: "x", kind: "nope" }, "kind"],
  [{ prompt: "x", route_class: "nope" }, "route_class"],
  [{ prompt: "x", priority: "p9" }, "priority"],
  [{ prompt: "x", due_at_unix: "soon" }, "due_at_unix"],
  [{ title: "x" }, "prompt"],
  [{ prompt: "  " }, "prompt"],
  [{ prompt: "x", source_user_id: "system:task-worker" }, "source_user_id"],
])("POST /api/v1/tasks %j is a 400 that names %s", async (body, key) => {
  const response = await post("/api/v1/tasks", body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain(key);
});
