import { APICallError } from "@ai-sdk/provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createScriptedModel, type ScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import type { Effect } from "../core/effect/effect.ts";

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent();
});
afterEach(() => agent.close());

async function happen(name: string, effects: readonly Effect[]): Promise<void> {
  const step = { name, actor: "system", cause: "test", now: agent.clock.now() };
  expect(await agent.store.commit({ ...step, effects })).toBe("committed");
}

const route = (id: string, dueAtMs: number) =>
  happen("route-task", [
    {
      type: "route-task",
      id,
      words: null,
      routeClass: "task",
      priority: "p1",
      dueAtMs,
      assignedLane: "now",
    },
  ]);
const markOverdue = () =>
  happen("mark-overdue", [
    { type: "mark-overdue", notice: "notice_1", dueBeforeMs: agent.clock.now() },
  ]);

async function aTaskThatIsDue(): Promise<string> {
  const { taskId } = await agent.createTask("prepare the report");
  await route(taskId, agent.clock.now());
  return taskId;
}

const REFUSAL = new APICallError({
  message: "no such parameter",
  url: "https://provider.test",
  requestBodyValues: {},
  statusCode: 400,
});

/** What happens to a task that is worked on and that its run has nothing to do with. */
const MEANWHILE: readonly (readonly [string, (taskId: string) => Promise<void>])[] = [
  ["is told to be overdue", markOverdue],
  ["is routed", (taskId) => route(taskId, agent.clock.now() + 1)],
];

describe("a task that, while the model is asked,", () => {
  test.each(MEANWHILE)("%s fails as it would have failed, asked once", async (_, happens) => {
    const taskId = await aTaskThatIsDue();
    const error = expect.stringContaining("does not take this request (400)");
    const model = createScriptedModel({ failWith: REFUSAL });
    await agent.startWorkers(duringFirstCall(model, () => happens(taskId)));

    await agent.until("tasks", ([task]) => task?.status === "failed");
    expect(model.calls).toHaveLength(1);
    expect(await agent.rows("tasks")).toMatchObject([{ attempts: 1, error_message: error }]);
    expect(await agent.rows("runs")).toMatchObject([{ state: "failed", error }]);
    expect(await agent.rows("run_steps")).toMatchObject([{ state: "failed" }]);
  });

  test.each(MEANWHILE)("%s goes on from what it was answered", async (_, happens) => {
    const taskId = await aTaskThatIsDue();
    const model = createScriptedModel({ callTool: "search" }, { text: "done" });
    await agent.startWorkers(duringFirstCall(model, () => happens(taskId)));

    await agent.until("tasks", ([task]) => task?.status === "succeeded");
    expect(model.calls).toHaveLength(2);
    expect(await agent.rows("tasks")).toMatchObject([{ attempts: 1, result_text: "done" }]);
    expect(await agent.rows("runs")).toMatchObject([{ state: "succeeded" }]);
    expect(await agent.rows("usage")).toMatchObject([{ state: "settled" }, { state: "settled" }]);
  });
});

function duringFirstCall(model: ScriptedModel, happens: () => Promise<void>): ScriptedModel {
  return {
    ...model,
    async doStream(options) {
      if (model.calls.length === 0) await happens();
      return await model.doStream(options);
    },
  };
}
