import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../../test/support/start-agent.ts";
import { defineTool } from "../../tools/tool.ts";

let agent: TestAgent;
afterEach(() => agent.close());

/** Its words alone are more than a request may take. */
const wordyTool = defineTool({
  name: "wordy",
  class: "mcp",
  description: "word ".repeat(12_000),
  input: z.strictObject({}),
  effect: "read",
  timeLimitMs: 1_000,
  sensitivityOf: () => "read",
  describe: () => "Wordy",
  run: async () => ({ text: "" }),
});

/** What the model is told second, in a workspace that goes without the tool or has it. */
async function tell(isWithout: boolean) {
  agent = await openTestAgent([], {
    sources: [{ list: () => [wordyTool], readWithout: async () => () => isWithout }],
  });
  mkdirSync(join(agent.directory, "context"));
  writeFileSync(join(agent.directory, "context/SYSTEM_PROMPT.md"), "You work for the garden.");
  const model = createScriptedModel({ text: "Yes." });
  await agent.startWorkers(model);
  await agent.say("Is the gate oiled?");
  await agent.until("messages", (rows) => rows.every(({ outcome }) => outcome !== "pending"));
  await agent.say("And the roses?");
  await agent.until("messages", (rows) => rows.every(({ outcome }) => outcome !== "pending"));
  const request = model.calls.at(-1);
  return { tools: request?.tools ?? [], text: JSON.stringify(request?.prompt) };
}

test("tools that a workspace goes without take no room from what else is told", async () => {
  const { tools, text } = await tell(true);
  expect(tools).toEqual([]);
  for (const told of ["You work for the garden.", "Is the gate oiled?", "And the roses?"])
    expect(text).toContain(told);
});

test("tools that are more than a request may take leave what the operator adds no room; the question is told all the same", async () => {
  const { tools, text } = await tell(false);
  expect(tools).toHaveLength(1);
  expect(text).not.toContain("You work for the garden.");
  expect(text).toContain("Left out, as there was no room");
  expect(text).toContain("And the roses?");
});
