import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { defineTool, type Tool } from "../tools/tool.ts";

let agent: TestAgent;
afterEach(() => agent.close());

/** A board with one line on it, which is read and written; a read ends when as many are under way as it is told. */
function board() {
  let line = "empty";
  let most = 0;
  let open = 0;
  const meet = { at: 1, met: Promise.withResolvers<void>() };
  const tool = (name: string, effect: "read" | "write", run: Tool["run"]): Tool =>
    defineTool({
      name,
      class: "filesystem",
      description: `${name} the line.`,
      input: z.object({ text: z.string().default(""), together: z.number().default(1) }),
      effect,
      timeLimitMs: 60_000,
      sensitivityOf: () => "read",
      describe: () => name,
      run: run as never,
    });
  const look = tool("look", "read", async (input) => {
    const { together } = input as { together: number };
    open += 1;
    most = Math.max(most, open);
    if (open >= together) meet.met.resolve();
    await meet.met.promise;
    open -= 1;
    return { text: line };
  });
  const put = tool("put", "write", async (input) => {
    line = (input as { text: string }).text;
    return { text: "put" };
  });
  return { tools: [look, put], most: () => most };
}

test("of one round, what reads after a write sees it, and reads that follow one another run side by side", async () => {
  const { tools, most } = board();
  agent = await openTestAgent(tools);
  const model = createScriptedModel(
    {
      callTools: [
        ["look", { together: 2 }],
        ["look", { together: 2 }],
        ["put", { text: "first" }],
        ["look", {}],
        ["put", { text: "second" }],
        ["look", {}],
      ],
    },
    { text: "Well." },
  );
  await agent.startWorkers(model);
  await agent.say("go");
  await agent.until("runs", ([run]) => run?.state === "succeeded");
  const steps = (await agent.rows("run_steps")).filter(({ kind }) => kind === "tool");
  const said = steps
    .toSorted((a, b) => a.number - b.number)
    .map(({ result }) => (JSON.parse(result ?? "{}") as { text: string }).text);
  expect(said).toEqual(["empty", "empty", "put", "first", "put", "second"]);
  expect(most()).toBe(2);
});

test("of calls side by side each has the time that it took itself, whenever they are written down", async () => {
  const took = { quick: 10, slow: 50 };
  const tools = Object.entries(took).map(([name, ms]) =>
    defineTool({
      name,
      class: "filesystem",
      description: name,
      input: z.object({}),
      effect: "read",
      timeLimitMs: 60_000,
      sensitivityOf: () => "read",
      describe: () => name,
      async run() {
        if (name === "slow") await setImmediate();
        agent.clock.advance(ms);
        return { text: name };
      },
    }),
  );
  agent = await openTestAgent(tools);
  const asked = createScriptedModel(
    {
      callTools: [
        ["quick", {}],
        ["slow", {}],
      ],
    },
    { text: "Well." },
  );
  await agent.startWorkers(asked);
  await agent.say("look");
  await agent.until("runs", ([run]) => run?.state === "succeeded");
  const steps = await agent.rows("run_steps");
  const times = steps.flatMap(({ kind, name, started_at_ms: from, finished_at_ms: to }) =>
    kind === "tool" ? [[name, (to ?? 0) - from]] : [],
  );
  expect(times).toEqual([
    ["quick", 10],
    ["slow", 60],
  ]);
});
