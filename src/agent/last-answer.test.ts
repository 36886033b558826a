import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel, type ScriptedCall } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { defineTool } from "../tools/tool.ts";

const MOST_STEPS = 6;
const MOST_CALLS = 20;
const LOOK = { callTool: "look" } as const;
const DONE = { text: "All looked at." } as const;

let agent: TestAgent;
let looked: number;
const look = defineTool({
  name: "look",
  class: "filesystem",
  description: "Looks.",
  input: z.strictObject({}),
  effect: "write",
  timeLimitMs: 5_000,
  sensitivityOf: () => "read",
  describe: () => "Look",
  async run() {
    looked += 1;
    return { text: "seen" };
  },
});
beforeEach(async () => {
  looked = 0;
  agent = await openTestAgent([look]);
});
afterEach(() => agent.close());

async function ask(first: ScriptedCall, ...then: readonly ScriptedCall[]) {
  const model = createScriptedModel(first, ...then);
  await agent.say("look around");
  await agent.startWorkers(model);
  const [message] = await agent.until("messages", ([one]) => one?.outcome !== "pending");
  return { model, message, told: model.calls.map(({ prompt }) => JSON.stringify(prompt)) };
}
const manyLooks = (count: number) => ({
  callTools: Array.from({ length: count }, () => ["look", {}] as const),
});
const NO_MORE = "no tool is run any more";

describe("a run that needs every step it has", () => {
  const looks = Array.from({ length: MOST_STEPS - 1 }, () => LOOK);

  test("is told so in the last one, and answers", async () => {
    const { message, told } = await ask(LOOK, ...looks.slice(1), DONE);
    expect(message).toMatchObject({ outcome: "answered" });
    expect(looked).toBe(MOST_STEPS - 1);
    expect(told.map((one) => one.includes(`${MOST_STEPS} steps: ${NO_MORE}`))).toEqual([
      ...looks.map(() => false),
      true,
    ]);
    expect((await agent.rows("deliveries")).at(-1)?.body).toContain("All looked at.");
  });

  test("ends when it wants to go on all the same, and does nothing of that", async () => {
    const { message, model } = await ask(LOOK);
    expect(message).toMatchObject({ outcome: "failed", reason: "budget_exceeded" });
    expect(model.calls).toHaveLength(MOST_STEPS);
    expect(looked).toBe(MOST_STEPS - 1);
    expect((await agent.rows("usage")).map(({ state }) => state)).toEqual(
      Array(MOST_STEPS).fill("settled"),
    );
  });
});

describe("a run that needs every tool call it has", () => {
  test.each([
    ["exactly", MOST_CALLS],
    ["and more", MOST_CALLS + 2],
  ])("is told so, and answers: %s", async (_, count) => {
    const { message, told } = await ask(manyLooks(count), DONE);
    expect(message).toMatchObject({ outcome: "answered" });
    expect(looked).toBe(MOST_CALLS);
    expect(told[1]).toContain(`${MOST_CALLS} tool calls: ${NO_MORE}`);
  });

  test("ends when it wants to go on all the same", async () => {
    const { message, model } = await ask(manyLooks(MOST_CALLS), LOOK);
    expect(message).toMatchObject({ outcome: "failed", reason: "budget_exceeded" });
    expect(model.calls).toHaveLength(2);
    expect(looked).toBe(MOST_CALLS);
  });
});

test("a task, too, answers in its last step", async () => {
  await agent.createTask("look around");
  await agent.startWorkers(createScriptedModel(LOOK, LOOK, LOOK, LOOK, LOOK, DONE));
  const [task] = await agent.until(
    "tasks",
    ([one]) => one?.status !== "queued" && one?.status !== "running",
  );
  expect(task).toMatchObject({ status: "succeeded" });
});
