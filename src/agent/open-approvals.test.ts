import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { NO_CAPS } from "../../test/support/no-caps.ts";
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

test("work that comes to a cap asks for more money beside them, and goes on once that is allowed", async () => {
  const model = createScriptedModel(ask("a", "b", "c", "d", "e"), { text: "Done." });
  // Room for one call, which is put aside for at 4096 tokens and costs 5.
  await agent.startWorkers(model, true, {
    caps: { ...NO_CAPS, daily: 4_100 },
    findPrice: () => ({ price: { input: 0, output: 1 }, isListed: true }),
  });
  await agent.say("all five");
  await agent.until("approvals", ({ length }) => length === MOST_OPEN_APPROVALS);
  await agent.say("hello");
  await agent.createTask("look around");
  await agent.until(
    "runs",
    (runs) => runs.length === 3 && runs.every(({ state }) => state === "parked"),
  );
  const raises = (await agent.rows("approvals")).slice(MOST_OPEN_APPROVALS);
  expect(raises.map(({ tool }) => tool)).toEqual(["raise_spend", "raise_spend"]);
  await agent.decide(raises[0]?.id ?? "", true);
  // The five still wait; the raise is room for both.
  await agent.until(
    "runs",
    (runs) => runs.filter(({ state }) => state === "succeeded").length === 2,
  );
  expect(model.calls).toHaveLength(3);
});
