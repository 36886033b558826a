import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { checkInvariants } from "../../test/support/check-invariants.ts";
import { createScriptedModel, type ScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { FORBIDDEN_IN_WORK } from "../../test/support/work-invariants.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { cancelTurn } from "../operations/cancel-turn.ts";
import { takeBackCall } from "../operations/take-back-call.ts";
import { defineTool } from "../tools/tool.ts";

const UNDO_MS = 30_000;

let happened: string[];
let agent: TestAgent;
let model: ScriptedModel;
beforeEach(async () => {
  happened = [];
  const post = defineTool({
    name: "post",
    class: "network",
    description: "Posts something.",
    input: z.strictObject({ text: z.string() }),
    effect: "send",
    timeLimitMs: 5_000,
    sensitivityOf: ({ text }) => (text.startsWith("fetch") ? "fetch" : "outward"),
    describe: ({ text }) => `Post ${text}`,
    async run({ text }) {
      happened.push(text);
      return { text: `posted ${text}` };
    },
  });
  const run = { ...post, name: "run", effect: "execute" as const };
  agent = await openTestAgent([post, run], { undoMs: UNDO_MS });
});
afterEach(async () => {
  checkInvariants(agent.dbPath, agent.auditKey, FORBIDDEN_IN_WORK);
  await agent.close();
});

/** As the agent's channel is for. */
const DEAF_MS = 35_000;

async function asked(input = { text: "hello" }): Promise<string> {
  model = createScriptedModel({ callTool: "post", input }, { text: "That is all." });
  await agent.startWorkers(model);
  await agent.say("post hello");
  const [approval] = await agent.until("approvals", (rows) => rows.length > 0);
  await agent.until("runs", ([one]) => one?.state === "parked");
  return approval?.id ?? "";
}

const takeBack = (approval: string) =>
  agent.asAnn((deps, ann) => takeBackCall(deps, ann, { approval, contextId: agent.contextId }));

/** The workers may have been about to sleep when the clock was moved: it goes on until they have woken. */
async function pass(ms: number, isDone: () => Promise<boolean>): Promise<void> {
  agent.clock.advance(ms);
  while (!(await isDone())) {
    agent.clock.advance(1_000);
    await setImmediate();
  }
}

const execution = async () => (await agent.rows("approvals"))[0]?.execution;
const runState = async () => (await agent.rows("runs"))[0]?.state;
const isOver = async () => (await runState()) === "succeeded";
const over = () => agent.until("runs", ([one]) => one?.finished_at_ms !== null);
const card = async (): Promise<RichText> => {
  const rows = (await agent.rows("deliveries")).filter((row) => row.card !== null);
  return JSON.parse(rows.at(-1)?.body ?? "[]") as RichText;
};
const lastReply = async () => {
  const rows = (await agent.rows("deliveries")).filter(({ kind }) => kind === "send");
  return toPlainText(JSON.parse(rows.at(-1)?.body ?? "[]") as RichText);
};

describe("a post that is approved", () => {
  test("waits without a worker, with a button to take it back, and goes out once by itself", async () => {
    const id = await asked();
    await agent.decide(id, true);
    expect(await runState()).toBe("parked");
    expect((await agent.rows("jobs")).map(({ kind }) => kind).toSorted()).toEqual([
      "end-delay",
      "expire-approval",
    ]);
    expect(toPlainText(await card())).toMatch(/Approved by Bea .*\n+It is sent in 30 s, unless/);
    expect(listButtons(await card())).toEqual([{ label: "Cancel", command: `/cancel ${id}` }]);
    await pass(UNDO_MS - 1, async () => true);
    await setImmediate();
    expect(happened).toEqual([]);
    await pass(1, isOver);
    expect(happened).toEqual(["hello"]);
    expect(listButtons(await card())).toEqual([]);
    expect(toPlainText(await card())).toMatch(/Approved by Bea [^\n]*$/);
    expect(await lastReply()).toMatch(/^Done, approved by Bea: Post hello\n+That is all\./);
    await expect(takeBack(id)).rejects.toThrow(`It is too late to take ${id} back`);
  });

  test("is taken back by whom it is for: nothing is sent, and the model and people are told", async () => {
    const id = await asked();
    await agent.decide(id, true);
    await takeBack(id);
    await over();
    await pass(UNDO_MS, isOver);
    expect(happened).toEqual([]);
    expect(await execution()).toBe("taken_back");
    expect(JSON.stringify(model.calls[1]?.prompt)).toContain("took this back before it was sent");
    expect(await lastReply()).toMatch(/^Taken back before it was sent: Post hello\n+That is all\./);
    expect(listButtons(await card())).toEqual([]);
    expect(toPlainText(await card())).toMatch(/Taken back by Ann \(idn_/);
    await expect(takeBack(id)).rejects.toThrow(`${id} was taken back already`);
  });

  test("is sent or taken back, never both, when both come at one instant", async () => {
    const id = await asked();
    await agent.decide(id, true);
    agent.clock.advance(UNDO_MS);
    await takeBack(id).catch(() => undefined);
    await pass(0, isOver);
    expect(await execution()).toBe(happened.length === 1 ? "succeeded" : "taken_back");
  });

  test("is never sent when the turn that it belongs to is cancelled meanwhile", async () => {
    const id = await asked();
    await agent.decide(id, true);
    const { contextId } = agent;
    let told: RichText = [];
    await agent.asAnn(async (deps, ann) => {
      const cancelled = await cancelTurn(deps, ann, { contextId });
      told = cancelled.outcomes;
      return cancelled;
    });
    expect(toPlainText(told)).toBe("Not sent, though approved by Bea: Post hello");
    expect(await runState()).toBe("cancelled");
    expect(await execution()).toBe("taken_back");
    expect(toPlainText(await card())).toMatch(
      /Approved by Bea [^\n]*\n+Not done: cancelled by Ann/,
    );
    await pass(UNDO_MS, async () =>
      (await agent.rows("jobs")).every(({ kind }) => kind !== "end-delay"),
    );
    expect(happened).toEqual([]);
  });

  test("still waits after the process has died, and goes out once", async () => {
    const id = await asked();
    await agent.decide(id, true);
    await agent.startWorkers(model);
    expect(await execution()).toBe("delayed");
    await pass(UNDO_MS, isOver);
    expect(happened).toEqual(["hello"]);
  });

  test("can still be taken back when the machine has slept meanwhile", async () => {
    const id = await asked();
    await agent.decide(id, true);
    await pass(20_000, async () => true);
    agent.clock.jump(8 * 60 * 60_000);
    const endJob = async () => (await agent.rows("jobs")).find(({ kind }) => kind === "end-delay");
    const dueMs = (await endJob())?.run_at_ms;
    await pass(0, async () => (await endJob())?.run_at_ms !== dueMs);
    // The channel must first notice that its connection did not outlive the sleep.
    const restMs = ((await endJob())?.run_at_ms ?? 0) - agent.clock.now();
    expect(restMs).toBeGreaterThan(DEAF_MS);
    await takeBack(id);
    await pass(UNDO_MS, isOver);
    expect(happened).toEqual([]);
  });

  test("is held up by no clock that is set back", async () => {
    const id = await asked();
    await agent.decide(id, true);
    agent.clock.jump(-48 * 60 * 60_000);
    await pass(0, isOver);
    expect(happened).toEqual(["hello"]);
  });
});

test("before it is approved nothing can be taken back, and what was denied needs it not", async () => {
  const id = await asked();
  await expect(takeBack(id)).rejects.toThrow(`${id} is not approved yet`);
  await agent.decide(id, false);
  await expect(takeBack(id)).rejects.toThrow(`${id} was not approved`);
  await over();
});

test("a post beside it that was approved earlier waits for none of the others", async () => {
  model = createScriptedModel(
    {
      callTools: [
        ["post", { text: "one" }],
        ["run", { text: "two" }],
      ],
    },
    { text: "That is all." },
  );
  await agent.startWorkers(model);
  await agent.say("post twice");
  const [post, run] = await agent.until("approvals", (rows) => rows.length === 2);
  await agent.decide(post?.id ?? "", true);
  await agent.decide(run?.id ?? "", true);
  await agent.until("approvals", ([, second]) => second?.execution === "succeeded");
  await agent.until("runs", ([one]) => one?.state === "parked");
  expect(happened).toEqual(["two"]);
  await pass(UNDO_MS, isOver);
  expect(happened).toEqual(["two", "one"]);
});
