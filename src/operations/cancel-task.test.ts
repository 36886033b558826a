import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aReservation } from "../../test/support/a-reservation.ts";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { newId } from "../core/ids.ts";
import { deliveriesOfMessage } from "../store/queries/deliveries.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { runRowById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import { cancelTask } from "./cancel-task.ts";
import { retryTask } from "./retry-task.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

async function aTask() {
  const person = await gateway.aPerson("member");
  const { message } = await gateway.say("/task write the report");
  const id = message.task_id ?? "";
  const cancel = () =>
    gateway.commit("cancel-task", (deps) =>
      cancelTask(deps, person.actor, { task: id, contextId: null }),
    );
  return { id, message, cancel, ...person };
}

const taskOf = (id: string) => gateway.store.first(taskById, { id });

describe("cancelling a task", () => {
  it("ends a waiting one at once, with its job, and tells its conversation", async () => {
    const { id, message, cancel } = await aTask();
    expect((await cancel()).status).toBe("cancelled");
    expect(await taskOf(id)).toMatchObject({ status: "cancelled" });
    expect(await gateway.store.all(jobsOfLane, { lane: `task:${id}` })).toEqual([]);
    await gateway.work();
    const replies = await gateway.store.all(deliveriesOfMessage, { messageId: message.id });
    expect(replies.at(-1)?.body).toContain("was cancelled");
    await expect(cancel()).rejects.toMatchObject({ code: "conflict" });
  });

  it("flags a running one, and a second time changes nothing", async () => {
    const { id, cancel } = await aTask();
    const [job] = await gateway.engine.claim("heavy", 1, gateway.clock.now());
    expect((await cancel()).effects).toEqual([
      { type: "cancel-job", jobId: job?.id, by: expect.stringMatching(/ \(.+\)$/u) },
    ]);
    expect((await cancel()).effects).toEqual([]);
    expect(await gateway.engine.cancelled()).toEqual([job?.id]);
    expect(await taskOf(id)).toMatchObject({ status: "queued" });
  });

  it("decides again when its work begins between the decision and the commit", async () => {
    const { id, actor } = await aTask();
    const decided: string[] = [];
    await gateway.commit("cancel-task", async (deps) => {
      const decision = await cancelTask(deps, actor, { task: id, contextId: null });
      decided.push(decision.effects[0]?.type ?? "");
      if (decided.length === 1) await gateway.engine.claim("heavy", 1, gateway.clock.now());
      return decision;
    });
    expect(decided).toEqual(["remove-job", "cancel-job"]);
  });

  it("decides again when the role is taken away between the decision and the commit", async () => {
    const { id, actor, userId } = await aTask();
    let count = 0;
    const cancelling = gateway.commit("cancel-task", async (deps) => {
      const decision = await cancelTask(deps, actor, { task: id, contextId: null });
      count += 1;
      // No effect demotes yet; this is what another writer's would do.
      await gateway.store.transact(({ database }) =>
        database
          .prepare("update users set role = 'viewer', version = version + 1 where id = ?")
          .run(userId),
      );
      return decision;
    });
    await expect(cancelling).rejects.toMatchObject({ code: "access_denied" });
    expect(count).toBe(1);
    expect(await taskOf(id)).toMatchObject({ status: "queued" });
  });

  it("ends the run of one that waits for its next attempt", async () => {
    const { id, message, cancel } = await aTask();
    const runId = newId("run");
    const stepId = newId("step");
    const { workspace_id: workspaceId = "" } = (await taskOf(id)) ?? {};
    await gateway.commit("start", async () => ({
      seen: [],
      effects: [
        {
          type: "create-run",
          id: runId,
          kind: "task",
          workspaceId,
          contextId: message.context_id,
          userId: null,
          messageId: null,
          taskId: id,
          taint: false,
        },
        { type: "move-run", id: runId, from: ["queued"], to: "running", model: null, error: null },
        {
          type: "move-task",
          id,
          from: ["queued"],
          to: "running",
          runId,
          resultSummary: null,
          resultText: null,
          errorMessage: null,
        },
        {
          type: "start-step",
          id: stepId,
          runId,
          number: 1,
          kind: "model",
          name: "m",
          requestDigest: "d",
        },
        aReservation({
          runId,
          stepId,
          workspaceId,
          contextId: message.context_id,
          purpose: "task",
          workId: id,
        }),
      ],
    }));
    await cancel();
    expect(await taskOf(id)).toMatchObject({ status: "cancelled" });
    expect(await gateway.store.first(runRowById, { id: runId })).toMatchObject({
      state: "cancelled",
    });
  });

  it("leaves another's task to them, save for an operator", async () => {
    const { id } = await aTask();
    const input = { task: id, contextId: (await taskOf(id))?.context_id ?? "" };
    const other = await gateway.aPerson("member", "8");
    const operator = await gateway.aPerson("operator", "9");
    const stranger = { id: "stranger", userId: undefined, role: undefined, displayName: "" };
    await expect(cancelTask(gateway.deps(), other.actor, input)).rejects.toMatchObject({
      code: "access_denied",
    });
    await expect(cancelTask(gateway.deps(), stranger, input)).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect((await cancelTask(gateway.deps(), operator.actor, input)).status).toBe("cancelled");
  });
});

describe("retrying a task", () => {
  it("makes a new task of a failed one, and of no other", async () => {
    const { id, actor } = await aTask();
    const retry = (deps = gateway.deps()) => retryTask(deps, actor, { task: id, contextId: null });
    await expect(retry()).rejects.toMatchObject({ code: "conflict" });
    const [job] = await gateway.store.all(jobsOfLane, { lane: `task:${id}` });
    await gateway.commit("fail", async () => ({
      seen: [],
      effects: [
        { type: "remove-job", jobId: job?.id ?? "", lane: `task:${id}` },
        {
          type: "move-task",
          id,
          from: ["queued"],
          to: "failed",
          runId: null,
          resultSummary: null,
          resultText: null,
          errorMessage: "no",
        },
      ],
    }));
    const again = await gateway.commit("retry-task", retry);
    expect(await taskOf(again.id)).toMatchObject({
      status: "queued",
      retry_of_task: id,
      prompt: "write the report",
    });
    expect(await taskOf(id)).toMatchObject({ status: "failed" });
  });
});
