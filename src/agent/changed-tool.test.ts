import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { AppError } from "../core/errors.ts";
import type { Sensitivity } from "../core/tool/tool-facts.ts";
import { defineTool, type Tool } from "../tools/tool.ts";

let agent: TestAgent;
let happened: string[];
let tools: Tool[];
const post = (
  change: {
    description?: string;
    line?: string;
    at?: string;
    sensitivity?: Sensitivity;
    fingerprint?: () => string;
  } = {},
): Tool =>
  defineTool({
    name: "post",
    class: "network",
    description: change.description ?? "Posts something.",
    input: z.strictObject({ text: z.string(), at: z.string().default(change.at ?? "noon") }),
    effect: "send",
    timeLimitMs: 5_000,
    sensitivityOf: () => change.sensitivity ?? "outward",
    describe: ({ text }) => `${change.line ?? "Post"} ${text}`,
    fingerprintOf: change.fingerprint ?? (() => "the program"),
    async run({ text }) {
      happened.push(text);
      return { text: "posted" };
    },
  });
beforeEach(async () => {
  happened = [];
  tools = [post()];
  agent = await openTestAgent(tools);
});
afterEach(() => agent.close());

/** Asks, ends the process, starts another with this tool, and approves. */
async function approveWith(changed: Tool) {
  const model = createScriptedModel(
    { callTool: "post", input: { text: "hello" } },
    { text: "So be it." },
  );
  const before = await agent.startWorkers(model);
  await agent.say("post hello");
  await agent.until("runs", ([run]) => run?.state === "parked");
  await before.stop();
  tools[0] = changed;
  await agent.startWorkers(model);
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  await agent.until("runs", ([run]) => run?.state === "succeeded");
  return model;
}

test("an approved call runs in a new process whose tool is the same", async () => {
  await approveWith(post());
  expect(happened).toEqual(["hello"]);
});

test.each([
  ["does something else by its description", { description: "Posts it to everybody." }],
  ["takes other arguments", { at: "midnight" }],
  ["may do more or less than it could", { sensitivity: "guarded" as const }],
  ["says that something else would happen", { line: "Burn" }],
  ["runs something else", { fingerprint: () => "another program" }],
])("it does not run when its tool %s by then, and the model is told", async (_, change) => {
  const model = await approveWith(post(change));
  expect(happened).toEqual([]);
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain("its tool or the policy has changed");
  expect(await agent.rows("approvals")).toMatchObject([
    { state: "approved", execution: "not_executed" },
  ]);
  expect((await agent.rows("deliveries")).at(-1)?.body).toContain("Not done, though approved by");
});

test("it does not run when what it runs changes between its beginning and its run", async () => {
  const looks = ["the program"];
  const model = await approveWith(post({ fingerprint: () => looks.shift() ?? "another program" }));
  expect(happened).toEqual([]);
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain("its tool or the policy has changed");
  expect(await agent.rows("approvals")).toMatchObject([{ execution: "failed" }]);
});

test("what was lost in a crash and is refused by its tool by now ends as not known, and the work goes on", async () => {
  const begun = Promise.withResolvers<void>();
  const hangs: Tool = {
    ...post(),
    run: (_input, _scene, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        begun.resolve();
      }),
  };
  tools[0] = hangs;
  const model = createScriptedModel(
    { callTool: "post", input: { text: "hello" } },
    { text: "So be it." },
  );
  const before = await agent.startWorkers(model);
  await agent.say("post hello");
  const [approval] = await agent.until("approvals", (rows) => rows.length === 1);
  await agent.decide(approval?.id ?? "", true);
  await begun.promise;
  await before.stop();
  tools[0] = {
    ...post(),
    sensitivityOf: () => {
      throw new AppError("not_found", "There is no such action.");
    },
  };
  await agent.startWorkers(model);
  await agent.until("runs", ([run]) => run?.state === "succeeded");
  expect(happened).toEqual([]);
  expect(await agent.rows("approvals")).toMatchObject([{ execution: "unknown" }]);
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain("nobody knows whether it happened");
});

test("a run keeps the digests of what it was told first beside those of what it was told last", async () => {
  await approveWith(post({ description: "Posts it to everybody." }));
  const [run] = await agent.rows("runs");
  expect(run?.first_tools_digest).toMatch(/^[0-9a-f]{64}$/u);
  expect(run?.tools_digest).not.toBe(run?.first_tools_digest);
  expect(run?.first_prompt_digest).toBe(run?.prompt_digest);
});
