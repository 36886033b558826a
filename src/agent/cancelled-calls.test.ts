import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Sensitivity } from "../core/tool/tool-facts.ts";
import { cancelTurn } from "../operations/cancel-turn.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { defineTool } from "../tools/tool.ts";

let agent: TestAgent;
let begun: Promise<void>;
const tool = (
  name: string,
  sensitivity: Sensitivity,
  run: (signal: AbortSignal) => Promise<void>,
) =>
  defineTool({
    name,
    class: "network",
    description: name,
    input: z.strictObject({}),
    effect: "send",
    timeLimitMs: 60_000,
    sensitivityOf: () => sensitivity,
    describe: () => `${name} it`,
    async run(_input, _scene, signal) {
      await run(signal);
      return { text: "done" };
    },
  });
beforeEach(async () => {
  const started = Promise.withResolvers<void>();
  begun = started.promise;
  const hang = (signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      started.resolve();
    });
  agent = await openTestAgent([
    tool("post", "outward", async () => undefined),
    tool("hang", "read", hang),
  ]);
});
afterEach(() => agent.close());

const cancelled = () => agent.until("runs", ([run]) => run?.state === "cancelled");
async function bodies() {
  const deliveries = await agent.rows("deliveries");
  return deliveries.map(({ kind, body }) => `${kind} ${body}`);
}

test("a call nobody had decided about is cancelled with the work that runs, says its card, and by whom", async () => {
  const both = { callTools: [["post", {}] as const, ["hang", {}] as const] };
  await agent.startWorkers(createScriptedModel(both, { text: "x" }));
  const { jobId } = await agent.say("post it, and hang");
  await begun;
  await agent.cancel(jobId);
  await cancelled();
  expect(await agent.rows("approvals")).toMatchObject([
    { state: "denied", decided_by: "system", note: expect.stringMatching(/^cancelled by Bea \(/u) },
  ]);
  const said = await bodies();
  expect(said.join()).not.toContain("Denied");
  expect(said.find((body) => body.startsWith("edit"))).toMatch(/Not done.+: cancelled.+Bea \(/u);
  const reply = said.at(-1) ?? "";
  expect(reply).toMatch(/nobody had decided yet.+post it.+Stopped\./u);
});

test("one that is parked tells it, too, and whoever decides about it later hears why they cannot", async () => {
  await agent.startWorkers(createScriptedModel({ callTool: "post" }, { text: "x" }));
  await agent.say("post it");
  await agent.until("runs", ([run]) => run?.state === "parked");
  const ann = (await agent.rows("users")).find(({ display_name: name }) => name === "Ann");
  const id = ann?.id ?? "";
  const actor: Actor = { id, userId: id, role: "member", displayName: "Ann" };
  const { contextId, store, clock } = agent;
  const { outcomes } = await commitDecision(
    { store, clock },
    { name: "cancel-turn", actor: id, cause: "test" },
    (now) => cancelTurn({ store, now }, actor, { contextId }),
  );
  await cancelled();
  expect(JSON.stringify(outcomes)).toMatch(/nobody had decided yet.+post it/u);
  expect((await bodies()).join("\n")).toMatch(/Not done.+: cancelled.+Ann \(/u);
  const [approval] = await agent.rows("approvals");
  await expect(agent.decide(approval?.id ?? "", true)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("is not open any more: cancelled by Ann"),
  });
});
