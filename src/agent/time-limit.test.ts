import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import type { Sensitivity } from "../core/tool/tool-facts.ts";
import { defineTool } from "../tools/tool.ts";

const SECONDS = 1_000;

let agent: TestAgent;
let pass: () => void;
const tool = (name: string, sensitivity: Sensitivity) =>
  defineTool({
    name,
    class: "content",
    description: "Takes 50 seconds.",
    input: z.strictObject({}),
    effect: "read",
    timeLimitMs: 60 * SECONDS,
    sensitivityOf: () => sensitivity,
    describe: () => name,
    async run() {
      pass();
      return { text: "done" };
    },
  });
beforeEach(async () => {
  agent = await openTestAgent([tool("slow", "read"), tool("asked", "outward")]);
  pass = () => agent.clock.advance(50 * SECONDS);
});
afterEach(() => agent.close());

const ended = async () => {
  const [message] = await agent.until("messages", ([one]) => one?.outcome !== "pending");
  return message;
};

test("a run that has worked for its seconds is not gone on with", async () => {
  const model = createScriptedModel({ callTool: "slow" });
  await agent.say("take your time");
  await agent.startWorkers(model);
  expect(await ended()).toMatchObject({ outcome: "failed", reason: "budget_exceeded" });
  expect(model.calls).toHaveLength(3);
  const [reply] = await agent.rows("deliveries");
  expect(reply?.body).toContain("120 seconds");
});

test("waiting for people does not count", async () => {
  await agent.say("take your time");
  await agent.startWorkers(createScriptedModel({ callTool: "asked" }, { text: "Done." }));
  await agent.until("runs", ([run]) => run?.state === "parked");
  agent.clock.advance(500 * SECONDS);
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  expect(await ended()).toMatchObject({ outcome: "answered" });
});
