import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createModelThat, createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import type { Sensitivity } from "../core/tool/tool-facts.ts";
import { defineTool } from "../tools/tool.ts";

let agent: TestAgent;
let timesRead: number;
const tool = (name: string, sensitivity: Sensitivity, taintedBy?: string) =>
  defineTool({
    name,
    class: "content",
    description: "Looks.",
    input: z.strictObject({}),
    effect: sensitivity === "read" ? "read" : "send",
    timeLimitMs: 5_000,
    sensitivityOf: () => sensitivity,
    describe: () => name,
    async run() {
      timesRead += 1;
      return { text: `${name} is done`, taintedBy };
    },
  });
beforeEach(async () => {
  timesRead = 0;
  agent = await openTestAgent([
    tool("look", "read"),
    tool("look_at_mail", "read", "a mail"),
    tool("post", "outward"),
  ]);
});
afterEach(() => agent.close());

const commitsOf = async (effect: string) =>
  (await agent.rows("audit"))
    .filter(({ effects }) => effects.split(",").includes(effect))
    .map(({ name }) => name);
const steps = async () =>
  (await agent.rows("run_steps")).map(({ kind, name, state }) =>
    kind === "model" ? `model ${state}` : `${name} ${state}`,
  );

test("what was read is written down with the next call of the model, before it is asked", async () => {
  const model = createScriptedModel(
    { callTools: Array.from({ length: 6 }, () => ["look", {}] as const) },
    { hangAfter: "I see" },
  );
  await agent.say("look around");
  await agent.startWorkers(model);
  await model.begun(2);
  expect(await steps()).toEqual([
    "model finished",
    ...Array.from({ length: 6 }, () => "look finished"),
    "model started",
  ]);
  expect(await commitsOf("begin-call")).toEqual(["start-model-step"]);
  expect(timesRead).toBe(6);
});

test("what strangers wrote is written down at once, together with that the run has read it", async () => {
  await agent.say("look at the mail");
  await agent.startWorkers(createScriptedModel({ callTool: "look_at_mail" }, { text: "Seen." }));
  await agent.until("messages", ([one]) => one?.outcome === "answered");
  expect(await commitsOf("taint-run")).toEqual(["end-tool-call"]);
  expect(await commitsOf("begin-call")).toEqual(["end-tool-call"]);
});

test("what was read is written down before the run waits for a person", async () => {
  const model = createScriptedModel({
    callTools: [
      ["look", {}],
      ["post", {}],
    ],
  });
  await agent.say("look, then post it");
  await agent.startWorkers(model);
  await agent.until("runs", ([run]) => run?.state === "parked");
  expect(await steps()).toEqual(["model finished", "look finished", "post waiting"]);
  expect(await commitsOf("begin-call")).toEqual(["end-tool-call"]);
});

test("what was read last is written down when the model is not asked any more", async () => {
  const model = createModelThat(() => {
    agent.clock.advance(59_000);
    return { callTool: "look" };
  });
  await agent.say("look for ever");
  await agent.startWorkers(model);
  await agent.until("messages", ([one]) => one?.outcome === "failed");
  expect(await steps()).toEqual(
    Array.from({ length: 3 }, () => ["model finished", "look finished"]).flat(),
  );
  expect(await commitsOf("begin-call")).toEqual([
    "start-model-step",
    "start-model-step",
    "end-tool-call",
  ]);
});
