import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { MOST_OPEN_APPROVALS } from "../core/approval/approval.ts";
import { defineTool } from "../tools/tool.ts";

const post = defineTool({
  name: "post",
  class: "network",
  description: "Posts something.",
  input: z.strictObject({ text: z.string() }),
  effect: "send",
  timeLimitMs: 1_000,
  sensitivityOf: () => "outward",
  describe: ({ text }) => `Post ${text}`,
  run: async ({ text }) => ({ text: `posted ${text}` }),
});
const ask = (...texts: string[]) => ({
  callTools: texts.map((text) => ["post", { text }] as const),
});

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent([post]);
});
afterEach(() => agent.close());

test("a conversation has a few open approvals at a time, over all of its runs; what would be more is told so", async () => {
  const model = createScriptedModel(ask("a", "b", "c"), ask("d", "e", "f", "g"), { text: "Done." });
  await agent.startWorkers(model);
  await agent.say("the first three");
  await agent.until("approvals", ({ length }) => length === 3);
  await agent.say("four more");
  await agent.until("approvals", ({ length }) => length === MOST_OPEN_APPROVALS);
  await agent.until("runs", (runs) => runs.every(({ state }) => state === "parked"));
  const refused = (await agent.rows("run_steps")).filter(({ state }) => state === "denied");
  expect(refused.map((step) => [step.arguments, step.result])).toEqual([
    ['{"text":"f"}', expect.stringContaining(`${MOST_OPEN_APPROVALS} are open`)],
    ['{"text":"g"}', expect.stringContaining(`${MOST_OPEN_APPROVALS} are open`)],
  ]);
  expect(new Set((await agent.rows("approvals")).map(({ slot }) => slot)).size).toBe(5);
});
