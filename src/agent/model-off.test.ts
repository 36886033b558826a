import { afterEach, beforeEach, expect, test } from "vitest";
import { createHeldModel } from "../../test/support/held-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent();
});
afterEach(() => agent.close());

test("what was queued or begun before the model was switched off fails with that reason, and admins hear of it once", async () => {
  await agent.addHub("ctx_hub");
  await agent.say("hello");
  const model = createHeldModel();
  const pool = await agent.startWorkers(model);
  await model.begun(1);
  await pool.stop();
  for (const prompt of ["one", "two", "three"]) await agent.createTask(prompt);
  await agent.startWorkers(model, false);

  const tasks = await agent.until("tasks", (rows) => rows.every((row) => row.status === "failed"));
  const [message] = await agent.until("messages", ([row]) => row?.outcome !== "pending");
  for (const task of tasks) {
    expect(task).toMatchObject({ attempts: 0, error_message: "the model was switched off" });
  }
  expect(message).toMatchObject({ outcome: "failed", reason: "turn_failed" });
  expect(await agent.rows("runs")).toMatchObject([
    { state: "failed", error: "the model was switched off" },
  ]);
  expect((await agent.rows("usage")).map((row) => row.state)).toEqual(["settled"]);
  expect((await agent.rows("jobs")).map((job) => job.kind)).not.toContain("run-task");
  expect(model.asked).toHaveLength(1);
  const told = await agent.rows("deliveries");
  const toPerson = told.filter((row) => row.context_id === agent.contextId);
  expect(toPerson).toHaveLength(4);
  for (const { body } of toPerson) {
    expect(body).toContain("The model was switched off before it was done.");
  }
  const toAdmins = told.filter((row) => row.context_id === "ctx_hub");
  expect(toAdmins).toHaveLength(1);
  expect(toAdmins[0]?.body).toContain("The model is switched off");
});
