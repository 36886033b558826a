import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { checkInvariants } from "../../test/support/check-invariants.ts";
import { NO_CAPS } from "../../test/support/no-caps.ts";
import { createScriptedModel, type ScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { FORBIDDEN_IN_WORK } from "../../test/support/work-invariants.ts";
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

describe("when a cap is raised that other work waits at", () => {
  const CAP = 100;
  /** Four turns that come to the cap of the day before their first call, which needs 4096. */
  async function fourParked() {
    const model = createScriptedModel({ text: "Done." });
    await start(model, { daily: CAP });
    for (const n of [1, 2, 3, 4]) {
      await agent.addGroup(`g${n}`);
      await agent.say(`look ${n}`, `g${n}`);
    }
    await agent.until("approvals", (rows) => rows.length === 4);
    await agent.until("runs", (rows) => rows.every(({ state }) => state === "parked"));
    return { model, approvals: await agent.rows("approvals") };
  }
  const states = async () => (await agent.rows("approvals")).map(({ state }) => state);

  test("what fits goes on by itself, nobody need decide it any more, and its card says so", async () => {
    const { model, approvals } = await fourParked();
    // Raised by a cent, which is room for the first and for one more.
    await agent.decide(approvals[0]?.id ?? "", true);
    await agent.until(
      "runs",
      (rows) => rows.filter(({ state }) => state === "succeeded").length === 2,
    );
    expect(await states()).toEqual(["approved", "withdrawn", "pending", "pending"]);
    expect(model.calls).toHaveLength(2);
    const edits = (await agent.rows("deliveries")).filter(
      ({ kind, card }) => kind === "edit" && card?.endsWith(approvals[1]?.id ?? "?"),
    );
    expect(edits.map(({ body }) => body).join()).toContain("the cap was raised meanwhile");
    await expect(agent.decide(approvals[1]?.id ?? "", true)).rejects.toThrow(
      "is not needed any more",
    );
    const [day] = (await agent.rows("spend")).filter(({ key }) => key.startsWith("day:"));
    expect(day).toMatchObject({ spent_micro_usd: 10, reserved_micro_usd: 0 });
    // What is left is room for the others, which the next raise lets go on.
    await agent.decide(approvals[2]?.id ?? "", true);
    await agent.until("runs", (rows) => rows.every(({ state }) => state === "succeeded"));
    expect(await states()).toEqual(["approved", "withdrawn", "approved", "withdrawn"]);
    expect((await told()).at(-1)).not.toContain("raise");
    checkInvariants(agent.dbPath, agent.auditKey, FORBIDDEN_IN_WORK);
  });

  test("what was denied stays so", async () => {
    const { approvals } = await fourParked();
    await agent.decide(approvals[1]?.id ?? "", false);
    await agent.until("runs", ([, second]) => second?.state === "budget_exceeded");
    await agent.decide(approvals[0]?.id ?? "", true);
    await agent.until(
      "runs",
      (rows) => rows.filter(({ state }) => state === "succeeded").length === 2,
    );
    expect(await states()).toEqual(["approved", "denied", "withdrawn", "pending"]);
  });
});

test("a model cannot raise a cap by itself, nor have a person asked for it", async () => {
  const input = {
    scope: "day:2026-11-21",
    day: "2026-11-21",
    by_micro_usd: 5_000_000,
    needs_micro_usd: 1,
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
