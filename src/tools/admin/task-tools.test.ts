import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aToolScene, callTool } from "../../../test/support/a-tool-scene.ts";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { OPEN_TO_ALL } from "../../../test/support/open-to-all.ts";
import { laneOf } from "../../core/job/lanes.ts";
import { DEEPEST_TASK, MOST_TASKS_OF_RUN } from "../../operations/create-task-of-run.ts";
import { jobsOfLane } from "../../store/queries/jobs.ts";
import { type TaskRow, taskById } from "../../store/queries/tasks.ts";
import type { ToolScene } from "../tool.ts";
import { createTaskTool } from "./create-task.ts";
import { lookupTaskTool } from "./lookup-task.ts";
import { updateTaskTool } from "./update-task.ts";

const createTask = createTaskTool({ modelRules: OPEN_TO_ALL });
const updateTask = updateTaskTool({ modelRules: OPEN_TO_ALL });
const DAY_MS = 86_400_000;

let gateway: Gateway;
let operator: Awaited<ReturnType<Gateway["aPerson"]>>;
let scene: ToolScene;
beforeEach(async () => {
  gateway = await openGateway();
  operator = await gateway.aPerson("operator");
  scene = await aToolScene(gateway, operator);
});
afterEach(() => gateway.close());

const create = (input: object = {}, at = scene) =>
  callTool(gateway, createTask, { title: "Report", description: "Write it.", ...input }, at);
const update = (id: string, change: object, at = scene) =>
  callTool(gateway, updateTask, { task_id: id, ...change }, at);
const lookup = (id: string, at = scene) => callTool(gateway, lookupTaskTool, { task_id: id }, at);

async function created(input: object = {}, at = scene): Promise<TaskRow> {
  const { text } = await create(input, at);
  return await row(/task_\w+/.exec(text)?.[0] ?? text);
}
async function row(id: string): Promise<TaskRow> {
  const found = await gateway.store.first(taskById, { id });
  if (found === undefined) throw new Error(`no task ${id}`);
  return found;
}

describe("create_task", () => {
  test("queues work for whoever the run is for, where the run is at work", async () => {
    const task = await created({ priority: "urgent" });
    expect(task).toMatchObject({
      title: "Report",
      prompt: "Write it.",
      status: "queued",
      route_class: "task",
      priority: "p1",
      assigned_lane: "operations",
      due_at_ms: scene.now + DAY_MS,
      requested_by_user_id: operator.userId,
      source_user_id: scene.runId,
      context_id: scene.contextId,
      depth: 0,
      taint: 0,
    });
    const jobs = await gateway.store.all(jobsOfLane, { lane: laneOf.task(task.id) });
    expect(jobs.map(({ kind }) => kind)).toEqual(["run-task"]);
    expect((await created()).priority).toBe("p3");
  });

  test("takes nothing that the reference does not name, and nothing too long", async () => {
    for (const input of [
      { title: "" },
      { title: "x".repeat(121) },
      { description: "x".repeat(4_001) },
      { priority: "p4" },
      { workspace_id: "ws_other" },
    ])
      expect((await create(input)).state).toBe("refused");
  });

  test("by a tainted run is tainted itself", async () => {
    const tainted = await aToolScene(gateway, operator, { isTainted: true });
    expect((await created({}, tainted)).taint).toBe(1);
  });

  test("makes no endless chain: tasks of tasks end, and one run makes a few", async () => {
    let parent = await created();
    for (let depth = 1; depth <= DEEPEST_TASK; depth += 1) {
      const at = await aToolScene(gateway, operator, { taskId: parent.id });
      parent = await created({}, at);
      expect(parent.depth).toBe(depth);
    }
    const deepest = await aToolScene(gateway, operator, { taskId: parent.id });
    expect(await create({}, deepest)).toMatchObject({
      state: "failed",
      text: expect.stringContaining("makes no more of them"),
    });
    for (let n = 1; n < MOST_TASKS_OF_RUN; n += 1) await created();
    expect(await create()).toMatchObject({
      state: "failed",
      text: expect.stringContaining("Enough tasks"),
    });
  });

  test("is not for who may only read by now", async () => {
    const demoted = { ...scene, role: "viewer" } as const;
    expect((await create({}, demoted)).state).toBe("failed");
    expect(await create({}, { ...scene, userId: null })).toMatchObject({ state: "failed" });
  });

  test("from work that no group hears of makes none that a group hears of", async () => {
    const hidden = await created();
    await update(hidden.id, { route_class: "moderation" });
    const child = await created({}, await aToolScene(gateway, operator, { taskId: hidden.id }));
    expect(child.route_class).toBe("moderation");
  });
});

describe("update_task", () => {
  test("changes what is given and keeps the rest", async () => {
    const { id } = await created({ priority: "p2" });
    expect((await update(id, { lane: "support" })).state).toBe("finished");
    expect(await row(id)).toMatchObject({ assigned_lane: "support", priority: "p2" });
    await update(id, { route_class: "issue", due_in: "2h" });
    expect(await row(id)).toMatchObject({
      route_class: "issue",
      priority: "p2",
      due_at_ms: scene.now + 7_200_000,
    });
    await update(id, { route_class: "task" });
    expect((await row(id)).due_at_ms).toBe(scene.now + 7_200_000);
    await update(id, { priority: "low" });
    expect(await row(id)).toMatchObject({ route_class: "task", priority: "p3" });
    await update(id, { route_class: "noise" });
    expect((await row(id)).status).toBe("cancelled");
  });

  test("refuses what says nothing, or two things at once", async () => {
    const { id } = await created();
    for (const change of [
      {},
      { status: "closed", priority: "p1" },
      { summary: "done" },
      { status: "open", summary: "x" },
      { due_in: "soon" },
      { lane: "anything" },
      { status: "done" },
    ])
      expect((await update(id, change)).state).toBe("refused");
    expect((await row(id)).version).toBe(1);
  });

  test("closes what nobody works on, once, with what came of it", async () => {
    const { id } = await created();
    expect((await update(id, { status: "closed", summary: "Ada did it." })).state).toBe("finished");
    expect(await row(id)).toMatchObject({
      status: "succeeded",
      result_summary: "Ada did it.",
      result_text: "Ada did it.",
      taint: 0,
    });
    expect(await gateway.store.all(jobsOfLane, { lane: laneOf.task(id) })).toEqual([]);
    expect((await update(id, { status: "closed" })).text).toContain("over already");
  });

  test("by a tainted run leaves its words marked as such", async () => {
    const { id } = await created();
    const tainted = await aToolScene(gateway, operator, { isTainted: true });
    await update(id, { status: "closed", summary: "do as I say" }, tainted);
    expect((await row(id)).taint).toBe(1);
    expect((await lookup(id)).taintedBy).toBe(`the task ${id}`);
  });

  test("does not close what is worked on", async () => {
    const { id } = await created();
    const [job] = await gateway.engine.claim("heavy", 1, scene.now);
    expect(job?.payload).toEqual({ taskId: id });
    expect(await update(id, { status: "closed" })).toMatchObject({
      state: "failed",
      text: expect.stringContaining("being worked on"),
    });
  });

  test("has a failed one done again, within the same bounds", async () => {
    const { id } = await created();
    expect((await update(id, { status: "open" })).text).toContain("Only a failed task");
    await fail(id);
    const { text } = await update(id, { status: "open" });
    expect(await row(/task_\w+/.exec(text)?.[0] ?? text)).toMatchObject({ retry_of_task: id });
    for (let n = 2; n < MOST_TASKS_OF_RUN; n += 1) await created();
    expect((await create()).text).toContain("Enough tasks");
  });

  test("goes by the role: members close their own and route nothing", async () => {
    const { id } = await created();
    const member = await gateway.aPerson("member", "8");
    const theirs = await aToolScene(gateway, member, { contextId: scene.contextId });
    expect((await update(id, { priority: "p1" }, theirs)).text).toMatch(/role/);
    expect((await update(id, { status: "closed" }, theirs)).text).toMatch(/Somebody else/);
    const own = await created({}, theirs);
    expect((await update(own.id, { status: "closed" }, theirs)).state).toBe("finished");
    expect((await row(id)).status).toBe("queued");
  });
});

describe("an approved call", () => {
  test("changes a task with its approver's permission", async () => {
    const { id } = await created();
    const member = await gateway.aPerson("member", "8");
    const theirs = await aToolScene(gateway, member, { contextId: scene.contextId });
    const approved = { ...theirs, role: "operator", approverId: operator.userId } as const;
    expect((await update(id, { priority: "p1" }, approved)).state).toBe("finished");
    expect((await row(id)).priority).toBe("p1");
    expect((await update(id, { status: "closed" }, approved)).state).toBe("finished");
  });

  test("makes a task of whoever the work is for all the same", async () => {
    const member = await gateway.aPerson("member", "8");
    const theirs = await aToolScene(gateway, member, { contextId: scene.contextId });
    const approved = { ...theirs, role: "operator", approverId: operator.userId } as const;
    expect((await created({}, approved)).requested_by_user_id).toBe(member.userId);
  });
});

describe("lookup_task", () => {
  test("says how far a task is, and what came of it", async () => {
    const { id } = await created({ description: `begin ${"word ".repeat(100)}` });
    const { text } = await lookup(id.slice(-8));
    expect(text).toContain(`id: ${id}\ntitle: Report\nstatus: queued`);
    expect(text).toContain("asked for: begin word");
    expect(text.length).toBeLessThan(600);
    await update(id, { status: "closed", summary: "Ada did it." });
    expect((await lookup(id)).text).toContain("result: Ada did it.");
  });

  test("knows nothing of tasks of others, nor in a group of any but its own", async () => {
    const { id } = await created();
    const stranger = await gateway.aPerson("member", "9", "web");
    const { message } = await gateway.say("/help", aGroup());
    const inGroup = await aToolScene(gateway, operator, { contextId: message.context_id });
    for (const at of [inGroup, { ...inGroup, userId: stranger.userId, role: "member" as const }])
      expect(await lookup(id, at)).toMatchObject({
        state: "failed",
        text: expect.stringContaining("I know no task"),
      });
  });
});

async function fail(id: string): Promise<void> {
  const [job] = await gateway.store.all(jobsOfLane, { lane: laneOf.task(id) });
  await gateway.commit("test-fail", async () => ({
    seen: [],
    effects: [
      {
        type: "move-task",
        id,
        from: ["queued"],
        to: "failed",
        runId: null,
        resultSummary: null,
        resultText: null,
        errorMessage: "it broke",
      },
      { type: "remove-job", jobId: job?.id ?? "", lane: laneOf.task(id) },
    ],
  }));
}
