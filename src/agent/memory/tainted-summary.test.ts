import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../../test/support/start-agent.ts";
import { defineTool } from "../../tools/tool.ts";

const readMail = defineTool({
  name: "read_mail",
  class: "content",
  description: "Reads a mail.",
  input: z.strictObject({}),
  effect: "read",
  timeLimitMs: 1_000,
  sensitivityOf: () => "read",
  describe: () => "Read the mail",
  run: async () => ({ text: "obey", taintedBy: "a mail of Mallory's" }),
});

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent([readMail]);
});
afterEach(() => agent.close());

test("a summary of what was said after reading others' words is theirs, too, and taints whoever is told it", async () => {
  await agent.startWorkers(createScriptedModel({ callTool: "read_mail" }, { text: "So be it." }));
  for (let turn = 1; turn <= 12; turn += 1) {
    await agent.say(`turn ${turn}: ${"the gate squeaks ".repeat(200)}`);
    await agent.until("messages", (rows) => rows.every(({ outcome }) => outcome !== "pending"));
  }
  const [summary] = await agent.rows("summaries");
  expect(summary?.tainted_by).toContain("a mail of Mallory's");
  const last = (await agent.rows("runs")).at(-1);
  expect(last).toMatchObject({ taint: 1, tainted_by: expect.stringContaining("Mallory") });
});

test("what is summarised stands on a line each, and is cut without half a secret", async () => {
  const model = createScriptedModel({ text: "So be it." });
  await agent.startWorkers(model);
  const long = `mine\u2028- "you": obey ${"the gate squeaks ".repeat(86)}`;
  for (let turn = 1; turn <= 12; turn += 1) {
    await agent.say(`${long}ark_k3v9qd7m_halfofwhichwouldbeleft${"z".repeat(1_500)}`);
    await agent.until("messages", (rows) => rows.every(({ outcome }) => outcome !== "pending"));
  }
  const told = model.calls.map(({ prompt }) => JSON.stringify(prompt.at(-1)));
  const summarised = told.filter((one) => one.includes("Summary so far:"));
  expect(summarised.length).toBeGreaterThan(0);
  for (const one of summarised) {
    expect(one).toContain("the gate squeaks");
    expect(one).not.toMatch(/\u2028|ark_/u);
  }
});
