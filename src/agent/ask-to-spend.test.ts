import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { NO_CAPS } from "../../test/support/no-caps.ts";
import { createScriptedModel, type ScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { raiseSpendArguments } from "../core/spend/raise-spend.ts";
import type { SpendCaps } from "../core/spend/spend-scope.ts";
import { defineTool } from "../tools/tool.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A call is put aside for at 4096 tokens, costs 5, and then leaves too little for another one. */
const ONE_CALL = 4_100;

const lookTool = defineTool({
  name: "look",
  class: "filesystem",
  description: "Looks.",
  input: z.strictObject({}),
  effect: "read",
  timeLimitMs: 5_000,
  sensitivityOf: () => "read",
  describe: () => "Look",
  run: async () => ({ text: "nothing there" }),
});

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent([lookTool]);
});
afterEach(() => agent.close());

const start = (model: ScriptedModel, caps: Partial<SpendCaps>) =>
  agent.startWorkers(model, true, {
    caps: { ...NO_CAPS, ...caps },
    findPrice: () => ({ price: { input: 0, output: 1 }, isListed: true }),
  });
async function asked(count = 1) {
  await agent.until("runs", ([run]) => run?.state === "parked");
  const approvals = await agent.until("approvals", (rows) => rows.length === count);
  const approval = approvals.at(-1);
  if (approval === undefined) throw new Error("nobody was asked");
  return approval;
}
const over = async () =>
  (await agent.until("runs", ([one]) => one?.finished_at_ms != null)).at(0)?.state;
const told = async () =>
  (await agent.rows("deliveries")).filter(({ kind }) => kind === "send").map(({ body }) => body);

describe("work that comes to a cap", () => {
  test("waits, asks for what it likely needs, and goes on by itself once that is allowed", async () => {
    const model = createScriptedModel({ callTool: "look" }, { text: "All seen." });
    await start(model, { run: ONE_CALL });
    const { runId } = await agent.say("look around");
    const approval = await asked();
    expect(approval).toMatchObject({
      tool: "raise_spend",
      tool_class: "spend",
      state: "pending",
      line: "Spend $0.01 more? This work may spend $0.0041 and $0.000005 of it is used. The work likely needs one more call of the model, for about $0.000005; what is not needed is not spent.",
    });
    expect(raiseSpendArguments.parse(JSON.parse(approval.arguments))).toMatchObject({
      scope: `work:${runId}`,
      by_micro_usd: 10_000,
    });
    expect(model.calls).toHaveLength(1);
    expect((await agent.rows("jobs")).map(({ kind }) => kind)).toEqual(["expire-approval"]);

    await agent.decide(approval.id, true);
    expect(await over()).toBe("succeeded");
    // What was paid for before is told the model, not asked of it again.
    expect(model.calls).toHaveLength(2);
    expect(JSON.stringify(model.calls[1]?.prompt)).toContain("nothing there");
    expect(JSON.stringify(model.calls[1]?.prompt)).not.toContain("raise_spend");
    const spend = (await agent.rows("spend")).find(({ key }) => key === `work:${runId}`);
    expect(spend).toMatchObject({ spent_micro_usd: 10, raised_micro_usd: 10_000 });
    expect((await told()).at(-1)).toContain("Done, approved by");
  });

  test("asks once, and pays each step once, when the process ends right after it has asked", async () => {
    const first = createScriptedModel({ callTool: "look" });
    const workers = await start(first, { run: ONE_CALL });
    const { runId } = await agent.say("look around");
    await agent.until("approvals", (rows) => rows.length === 1);
    await workers.stop();
    const second = createScriptedModel({ text: "All seen." });
    await start(second, { run: ONE_CALL });
    const approval = await asked();
    await agent.decide(approval.id, true);
    expect(await over()).toBe("succeeded");
    expect([first.calls.length, second.calls.length]).toEqual([1, 1]);
    const spend = (await agent.rows("spend")).find(({ key }) => key === `work:${runId}`);
    expect(spend).toMatchObject({ spent_micro_usd: 10, raised_micro_usd: 10_000 });
  });

  test("ends there when more is denied, asks nobody again, and says so", async () => {
    const model = createScriptedModel({ callTool: "look" }, { text: "All seen." });
    await start(model, { run: ONE_CALL });
    await agent.say("look around");
    const approval = await asked();
    await agent.decide(approval.id, false, "too dear");
    expect(await over()).toBe("budget_exceeded");
    expect(model.calls).toHaveLength(1);
    expect(await agent.rows("approvals")).toHaveLength(1);
    expect((await agent.rows("spend")).every(({ raised_micro_usd: by }) => by === 0)).toBe(true);
    expect((await told()).at(-1)).toContain("What it may spend is used up");
  });

  test("asks as a task, too, before its first call when even that does not fit", async () => {
    const model = createScriptedModel({ text: "Done." });
    await start(model, { user: 100 });
    const { taskId } = await agent.createTask("look around");
    const approval = await asked();
    expect(approval.line).toMatch(
      /^Spend \$0.01 more\? The person it is for may spend \$0.0001 on/,
    );
    expect(await agent.rows("tasks")).toMatchObject([{ id: taskId, status: "blocked" }]);
    expect(model.calls).toHaveLength(0);
    await agent.decide(approval.id, true);
    await agent.until("tasks", ([task]) => task?.status === "succeeded");
  });

  test("goes on the next day without what was allowed for the day before", async () => {
    const model = createScriptedModel({ callTool: "look" }, { text: "All seen." });
    agent.clock.advance(DAY_MS - (agent.clock.now() % DAY_MS) - 60_000);
    await start(model, { daily: ONE_CALL });
    await agent.say("look around");
    const approval = await asked();
    agent.clock.advance(120_000);
    await agent.decide(approval.id, true);
    expect(await over()).toBe("succeeded");
    const days = (await agent.rows("spend")).filter(({ key }) => key.startsWith("day:"));
    expect(days.map((day) => [day.spent_micro_usd, day.raised_micro_usd])).toEqual([
      [5, 0],
      [5, 0],
    ]);
  });
});

test("a model cannot raise a cap by itself, nor have a person asked for it", async () => {
  const input = {
    scope: "day:2026-11-21",
    day: "2026-11-21",
    by_micro_usd: 5_000_000,
    because: "x",
  };
  const model = createScriptedModel({ callTool: "raise_spend", input }, { text: "I tried." });
  await start(model, {});
  await agent.say("spend more");
  expect(await over()).toBe("succeeded");
  expect(await agent.rows("approvals")).toEqual([]);
  expect((await agent.rows("spend")).every(({ raised_micro_usd: by }) => by === 0)).toBe(true);
  expect(model.calls[0]?.tools?.map((tool) => tool.name)).toEqual(["look"]);
});
