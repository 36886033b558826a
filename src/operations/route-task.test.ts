import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { TaskStatus } from "../core/task/task.ts";
import type { RouteChoice } from "../core/triage/routing.ts";
import type { ClaimedJob } from "../orchestrator/job-handler.ts";
import { contextById } from "../store/queries/contexts.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { taskById } from "../store/queries/tasks.ts";
import { cancelTask } from "./cancel-task.ts";
import { changeContext } from "./change-context.ts";
import { routeTask } from "./route-task.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway({ modelRules: { rateLimitPerWindow: 2 } });
});
afterEach(() => gateway.close());

async function row(id: string) {
  const task = await gateway.store.first(taskById, { id });
  if (task === undefined) throw new Error("no task");
  return task;
}
const jobs = (id: string) => gateway.store.all(jobsOfLane, { lane: laneOf.task(id) });

function route(actor: Actor, task: string, choice: RouteChoice, contextId: string | null = null) {
  return gateway.commit("route-task", (deps) =>
    routeTask(deps, actor, { task, choice, contextId }),
  );
}

async function aTask(text = "/task water the plants", from = {}): Promise<string> {
  const { message } = await gateway.say(text, from);
  return message.task_id ?? "";
}

/** A task of triage that waits for somebody's say. */
async function aWaitingTask(text = "the door is broken"): Promise<string> {
  const { message } = await gateway.say("hello all", { ...aGroup(), addressed: false });
  const context = await gateway.store.first(contextById, { id: message.context_id });
  if (context === undefined) throw new Error("no group");
  if (context.is_triaged === 0) {
    const change = changeContext(context, { isTriaged: true });
    await gateway.commit("test", async () => ({ seen: [], effects: [change] }));
  }
  const sender = { externalUserId: "99", displayName: "Eve" };
  return await aTask(text, { ...aGroup(), addressed: false, sender });
}

async function claim(): Promise<string | undefined> {
  const [job] = await gateway.engine.claim("heavy", 1, gateway.clock.now());
  return job === undefined ? undefined : (job as ClaimedJob<"run-task">).payload.taskId;
}

async function end(id: string, to: TaskStatus): Promise<void> {
  await gateway.commit("test", async () => ({
    seen: [],
    effects: [
      ...(await jobs(id)).map(
        (job) => ({ type: "remove-job", jobId: job.id, lane: job.lane }) as const,
      ),
      {
        type: "move-task",
        id,
        from: ["queued"],
        to,
        runId: null,
        resultSummary: null,
        resultText: null,
        errorMessage: null,
      },
    ],
  }));
}

describe("routing a task", () => {
  it("gives it the class's priority, lane and due time, and its place in the queue with them", async () => {
    await gateway.aPerson("operator");
    const [first, second] = [await aTask(), await aTask()];
    const { actor } = await gateway.aPerson("admin", "8");
    const routed = await route(actor, second, { routeClass: "moderation" });
    expect(routed).toMatchObject({ taskId: second, status: "queued", waitsBecause: "" });
    expect(await row(second)).toMatchObject({
      route_class: "moderation",
      priority: "p1",
      assigned_lane: "moderation",
      due_at_ms: gateway.clock.now() + 2 * 3_600_000,
    });
    expect((await jobs(second))[0]).toMatchObject({ priority: PRIORITY.p1 });
    expect([await claim(), await claim()]).toEqual([second, first]);
  });

  it("leaves with `same` what is not named, whatever it was a moment ago", async () => {
    const id = await aWaitingTask();
    await route(gateway.ownerActor, id, { routeClass: "question", dueAfterMs: 60_000 });
    const dueAtMs = gateway.clock.now() + 60_000;
    gateway.clock.advance(1_000);
    await route(gateway.ownerActor, id, { routeClass: "same", priority: "p1" });
    const raised = { route_class: "question", priority: "p1", due_at_ms: dueAtMs };
    expect(await row(id)).toMatchObject({ ...raised, title: "[QUESTION] the door is broken" });
    await route(gateway.ownerActor, id, { routeClass: "same" });
    expect(await row(id)).toMatchObject(raised);
    await route(gateway.ownerActor, id, { routeClass: "task" });
    expect(await row(id)).toMatchObject({ route_class: "task", priority: "p2" });
  });

  it("takes what is said before what the class brings", async () => {
    await gateway.aPerson("member");
    const id = await aTask();
    await route(gateway.ownerActor, id.slice(-6), {
      routeClass: "question",
      priority: "p1",
      dueAfterMs: 60_000,
    });
    expect(await row(id)).toMatchObject({
      route_class: "question",
      priority: "p1",
      assigned_lane: "support",
      due_at_ms: gateway.clock.now() + 60_000,
    });
  });

  it("by two at once ends with one of the two answers, whole, in the task and in the queue", async () => {
    await gateway.aPerson("member");
    const id = await aTask();
    await Promise.all([
      route(gateway.ownerActor, id, { routeClass: "moderation" }),
      route(gateway.ownerActor, id, { routeClass: "question" }),
    ]);
    const { priority, assigned_lane, version } = await row(id);
    expect(version).toBe(3);
    expect(["p1 moderation", "p3 support"]).toContain(`${priority} ${assigned_lane}`);
    expect((await jobs(id))[0]).toMatchObject({ priority: PRIORITY[priority] });
  });

  it("changes nothing in the queue while it runs, until it is given back", async () => {
    await gateway.aPerson("member");
    const id = await aTask();
    expect(await claim()).toBe(id);
    const routed = await route(gateway.ownerActor, id, { routeClass: "question" });
    expect(routed.status).toBe("queued");
    expect((await jobs(id))[0]).toMatchObject({ state: "running", priority: PRIORITY.p3 });
  });

  it.each(["succeeded", "failed", "cancelled"] as const)(
    "refuses one that has %s",
    async (status) => {
      await gateway.aPerson("member");
      const id = await aTask();
      await end(id, status);
      const before = await row(id);
      await expect(route(gateway.ownerActor, id, { routeClass: "issue" })).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining(`is over (${status})`),
      });
      expect(await row(id)).toEqual(before);
    },
  );

  it("is for operators and up, and for tasks they may see", async () => {
    const member = await gateway.aPerson("member");
    const id = await aTask();
    const choice = { routeClass: "issue" } as const;
    await expect(route(member.actor, id, choice)).rejects.toMatchObject({ code: "access_denied" });
    const { actor: operator } = await gateway.aPerson("operator", "8");
    await expect(route(operator, id, choice)).rejects.toMatchObject({ code: "not_found" });
    await expect(route({ ...member.actor, role: "admin" }, id, choice)).rejects.toMatchObject({
      code: "access_denied",
    });
    expect((await row(id)).version).toBe(1);
  });

  it("lets an operator do it from where the task's workspace is supervised", async () => {
    const { actor } = await gateway.aPerson("operator", "8");
    const id = await aWaitingTask();
    const { context_id: groupId, workspace_id: workspaceId } = await row(id);
    const { message } = await gateway.say("hello", aGroup("-77"));
    const here = message.context_id;
    const choice = { routeClass: "issue" } as const;
    await expect(route(actor, id, choice, here)).rejects.toMatchObject({ code: "not_found" });
    const context = await gateway.store.first(contextById, { id: here });
    if (context === undefined) throw new Error("no context");
    const supervision = { of: "workspace", userId: gateway.owner.userId } as const;
    const supervise = changeContext(context, { workspaceId, supervision });
    await gateway.commit("test", async () => ({ seen: [], effects: [supervise] }));
    expect(await route(actor, id, choice, here)).toMatchObject({ status: "queued" });
    expect(groupId).not.toBe(here);
  });
});

describe("a task that waits for somebody's say", () => {
  it("is set going by routing it, on the account of who does so", async () => {
    const { actor } = await gateway.aPerson("operator");
    const [one, two, three] = [
      await aWaitingTask(),
      await aWaitingTask("it is stuck"),
      await aWaitingTask("an error"),
    ];
    expect(await row(one)).toMatchObject({
      status: "blocked",
      taint: 1,
      requested_by_user_id: null,
    });
    expect(await claim()).toBeUndefined();
    const { context_id: here } = await row(one);
    await route(actor, one, { routeClass: "issue" }, here);
    await route(actor, two, { routeClass: "issue", priority: "p1" }, here);
    const third = await route(actor, three, { routeClass: "task" }, here);
    expect(third).toMatchObject({ status: "blocked" });
    expect(third.waitsBecause).toMatch(/too much at once.*Ask again in \d+ s\.$/);
    expect(await row(three)).toMatchObject({ status: "blocked", route_class: "task" });
    expect([await claim(), await claim(), await claim()]).toEqual([two, one, undefined]);
    expect(await row(one)).toMatchObject({
      status: "queued",
      taint: 1,
      requested_by_user_id: null,
    });
  });

  it("says in its title and to the model what it is by now", async () => {
    await gateway.aPerson("member");
    const id = await aWaitingTask();
    const before = await row(id);
    await route(gateway.ownerActor, id, { routeClass: "question", priority: "p1" });
    const after = await row(id);
    expect([before.title, after.title]).toEqual([
      "[ISSUE] the door is broken",
      "[QUESTION] the door is broken",
    ]);
    expect(before.prompt).toContain("- class: issue (it says “broken”)\n- priority: p2");
    expect(after.prompt).toContain("- class: question (a person said so)\n- priority: p1");
    expect(after.prompt).toContain("```\nthe door is broken\n```");
    const asked = await aTask();
    const { title, prompt } = await row(asked);
    await route(gateway.ownerActor, asked, { routeClass: "issue" });
    expect(await row(asked)).toMatchObject({ title, prompt });
  });

  it("is cancelled like any other", async () => {
    const id = await aWaitingTask();
    await gateway.commit("cancel-task", (deps) =>
      cancelTask(deps, gateway.ownerActor, { task: id, contextId: null }),
    );
    expect(await row(id)).toMatchObject({ status: "cancelled" });
  });
});

describe("noise", () => {
  it("is cancelled where it waits, and nothing is said of what nobody asked for", async () => {
    const id = await aWaitingTask();
    const sent = () =>
      gateway.store.list((db) =>
        db.selectFrom("deliveries").select("id").where("kind", "=", "send"),
      );
    const said = await sent();
    const routed = await route(gateway.ownerActor, id, { routeClass: "noise" });
    expect(routed).toMatchObject({ status: "cancelled", isEnding: false });
    expect(await row(id)).toMatchObject({
      status: "cancelled",
      route_class: "noise",
      priority: "p3",
      due_at_ms: null,
      assigned_lane: "backlog",
    });
    expect(await sent()).toEqual(said);
  });

  it("is taken out of the queue, and who asked for it is told", async () => {
    await gateway.aPerson("member");
    const id = await aTask();
    await route(gateway.ownerActor, id, { routeClass: "noise" });
    expect(await claim()).toBeUndefined();
    const [notice] = await gateway.store.list((db) =>
      db.selectFrom("deliveries").select("body").where("task_id", "=", id).orderBy("seq", "desc"),
    );
    expect(notice?.body).toContain("was cancelled");
  });

  it("ends at its next step when it runs", async () => {
    await gateway.aPerson("member");
    const id = await aTask();
    await claim();
    const routed = await route(gateway.ownerActor, id, { routeClass: "noise" });
    expect(routed).toMatchObject({ isEnding: true });
    expect((await jobs(id))[0]?.cancel_at_ms).not.toBeNull();
  });

  it("takes no priority and no due window", async () => {
    const id = await aWaitingTask();
    for (const more of [{ priority: "p1" }, { dueAfterMs: 1 }] as const) {
      await expect(
        route(gateway.ownerActor, id, { routeClass: "noise", ...more }),
      ).rejects.toMatchObject({ code: "invalid_input" });
    }
  });
});
