import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { defineTool, type Tool } from "../tools/tool.ts";

/** Counts what has really happened. */
function postTool(happened: string[], run?: (signal: AbortSignal) => Promise<void>): Tool {
  return defineTool({
    name: "post",
    class: "network",
    description: "Posts something.",
    input: z.strictObject({ text: z.string(), loud: z.boolean().default(false) }),
    effect: "send",
    timeLimitMs: 5_000,
    sensitivityOf: () => "outward",
    describe: ({ text }) => `Post ${text}`,
    async run({ text }, _scene, signal) {
      await run?.(signal);
      happened.push(text);
      return { text: `posted ${text}` };
    },
  });
}

function lookTool(seen: string[]): Tool {
  return defineTool({
    name: "look",
    class: "filesystem",
    description: "Looks.",
    input: z.strictObject({ at: z.string() }),
    effect: "read",
    timeLimitMs: 5_000,
    sensitivityOf: () => "read",
    describe: ({ at }) => `Look at ${at}`,
    async run({ at }) {
      seen.push(at);
      return { text: `saw ${at}`, taintedBy: at === "mail" ? "a mail" : undefined };
    },
  });
}

const saidIn = async (agent: TestAgent) =>
  (await agent.rows("deliveries")).filter(({ kind }) => kind === "send").map(({ body }) => body);

describe("a call that a person is asked about", () => {
  let agent: TestAgent;
  let happened: string[];
  let seen: string[];
  beforeEach(async () => {
    happened = [];
    seen = [];
    agent = await openTestAgent([postTool(happened), lookTool(seen)]);
  });
  afterEach(async () => {
    await agent.close();
  });

  const parked = async () => {
    await agent.until("runs", ([run]) => run?.state === "parked");
    const [approval] = await agent.until("approvals", (rows) => rows.length > 0);
    if (approval === undefined) throw new Error("nobody was asked");
    return approval;
  };
  /** The workers may have been about to sleep when the clock was moved: it goes on until they have woken. */
  const aged = async (isDone: (row: Awaited<ReturnType<typeof parked>>) => boolean) => {
    for (;;) {
      const [row] = await agent.rows("approvals");
      if (row !== undefined && isDone(row)) return;
      agent.clock.advance(1_000);
      await setImmediate();
    }
  };
  const over = async () => {
    const [run] = await agent.until("runs", ([one]) => one?.finished_at_ms !== null);
    return run;
  };

  test("waits without a worker and runs by itself, exactly as asked for, once it is approved", async () => {
    const model = createScriptedModel(
      { callTool: "post", input: { text: "hello" } },
      { text: "It is out." },
    );
    await agent.startWorkers(model);
    const { messageId } = await agent.say("post hello");
    const approval = await parked();
    expect(approval).toMatchObject({ state: "pending", execution: "not_executed" });
    expect(JSON.parse(approval.arguments)).toEqual({ text: "hello", loud: false });
    expect(await agent.rows("jobs")).toEqual([
      expect.objectContaining({ kind: "expire-approval" }),
    ]);
    expect(happened).toEqual([]);

    await agent.decide(approval.id, true);
    expect(await over()).toMatchObject({ state: "succeeded" });
    expect(happened).toEqual(["hello"]);
    expect((await agent.rows("approvals"))[0]).toMatchObject({
      state: "approved",
      execution: "succeeded",
    });
    const said = (await saidIn(agent)).at(-1) ?? "";
    expect(said.indexOf("Done, approved by")).toBeGreaterThan(0);
    expect(said.indexOf("It is out.")).toBeGreaterThan(said.indexOf("Done, approved by"));
    expect(await agent.rows("messages")).toMatchObject([{ id: messageId, outcome: "answered" }]);
    expect(model.calls).toHaveLength(2);
  });

  test("is told the model when it is denied, with the reason, and nothing happens", async () => {
    const model = createScriptedModel(
      { callTool: "post", input: { text: "hello" } },
      { text: "Then not." },
    );
    await agent.startWorkers(model);
    await agent.say("post hello");
    const approval = await parked();
    await agent.decide(approval.id, false, "not today");
    expect(await over()).toMatchObject({ state: "succeeded" });
    expect(happened).toEqual([]);
    expect(JSON.stringify(model.calls[1]?.prompt)).toContain("not today");
    expect((await saidIn(agent)).at(-1)).toContain("Not done, denied by");
  });

  test("goes on with its own question, whatever was said, answered and summarised since", async () => {
    const model = createScriptedModel(
      { callTool: "post", input: { text: "hello" } },
      { text: "Something else." },
      { text: "It is out." },
    );
    await agent.startWorkers(model);
    await agent.say("post hello");
    const approval = await parked();
    await agent.say("and what else?");
    await agent.until("runs", ([, second]) => second?.state === "succeeded");
    const last = (rows: readonly { readonly seq: number }[]) => rows.at(-1)?.seq ?? 0;
    const { contextId, store, clock } = agent;
    const upToMessageSeq = last(await agent.rows("messages"));
    const upToReplySeq = last(await agent.rows("deliveries"));
    const summary = { startSeq: 0, fromVersion: 0, text: "- Ann wants things.", taintedBy: [] };
    await commitDecision(
      { store, clock },
      { name: "summarise", actor: "test", cause: "test" },
      async () => ({
        effects: [{ type: "write-summary", contextId, upToMessageSeq, upToReplySeq, ...summary }],
        seen: [],
      }),
    );
    await agent.decide(approval.id, true);
    await agent.until("runs", ([run]) => run?.state === "succeeded");
    const told = model.calls[2]?.prompt.filter(({ role }) => role !== "system") ?? [];
    expect(told.map(({ role }) => role)).toEqual(["user", "user", "assistant", "tool"]);
    expect(JSON.stringify(told[1])).toContain("post hello");
    expect(JSON.stringify(told)).not.toContain("Something else.");
  });

  test("is decided once", async () => {
    await agent.startWorkers(
      createScriptedModel({ callTool: "post", input: { text: "a" } }, { text: "ok" }),
    );
    await agent.say("post a");
    const approval = await parked();
    const both = await Promise.allSettled([
      agent.decide(approval.id, true),
      agent.decide(approval.id, false),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(agent.decide(approval.id, true)).rejects.toThrow(/already/);
  });

  test("expires, is reminded of at half, and the work goes on without it", async () => {
    await agent.startWorkers(
      createScriptedModel({ callTool: "post", input: { text: "a" } }, { text: "ok" }),
    );
    await agent.say("post a");
    const approval = await parked();
    agent.clock.advance(500_001);
    await aged((one) => one.reminded_at_ms !== null);
    await expect(agent.decide("act_other", true)).rejects.toThrow(/no approval/);
    agent.clock.advance(500_001);
    await aged((one) => one.state === "expired");
    await over();
    expect((await agent.rows("approvals"))[0]?.state).toBe("expired");
    await expect(agent.decide(approval.id, true)).rejects.toThrow(/expired/);
    expect(happened).toEqual([]);
    expect((await saidIn(agent)).at(-1)).toContain("nobody decided in time");
  });

  test("lets what may run run meanwhile, and the rest of the same round wait", async () => {
    const model = createScriptedModel(
      {
        callTools: [
          ["look", { at: "desk" }],
          ["post", { text: "a" }],
          ["post", { text: "b" }],
        ],
      },
      { text: "ok" },
    );
    await agent.startWorkers(model);
    await agent.say("go");
    await parked();
    expect(seen).toEqual(["desk"]);
    const approvals = await agent.rows("approvals");
    expect(approvals).toHaveLength(2);
    await agent.decide(approvals[1]?.id ?? "", true);
    await agent.until("approvals", (rows) => rows[1]?.execution === "succeeded");
    expect(happened).toEqual(["b"]);
    expect(model.calls).toHaveLength(1);
    await agent.decide(approvals[0]?.id ?? "", true);
    await over();
    expect(happened).toEqual(["b", "a"]);
    expect(model.calls).toHaveLength(2);
  });

  test("is asked about although it was asked for before the run was tainted", async () => {
    const write = defineTool({
      ...postTool(happened),
      name: "write",
      effect: "write",
      sensitivityOf: () => "write",
    });
    await agent.close();
    agent = await openTestAgent([lookTool(seen), write]);
    await agent.startWorkers(
      createScriptedModel(
        {
          callTools: [
            ["look", { at: "mail" }],
            ["write", { text: "x" }],
          ],
        },
        { text: "ok" },
      ),
    );
    await agent.say("go");
    const approval = await parked();
    expect(JSON.parse(approval.tainted_by)).toEqual(["a mail"]);
    expect(happened).toEqual([]);
  });

  test("is a person's to answer when the runtime ended while it ran, and happens no second time by itself", async () => {
    const begun = Promise.withResolvers<void>();
    const hangs = postTool(happened, (signal) => {
      begun.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    });
    await agent.close();
    agent = await openTestAgent([hangs]);
    const first = await agent.startWorkers(
      createScriptedModel({ callTool: "post", input: { text: "a" } }),
    );
    await agent.say("post a");
    await agent.decide((await parked()).id, true);
    await begun.promise;
    await first.stop();
    const model = createScriptedModel({ text: "ok" });
    await agent.startWorkers(model);
    const [, second] = await agent.until("approvals", (rows) => rows.length === 2);
    expect(second).toMatchObject({ is_repeat: 1, state: "pending" });
    expect((await agent.rows("approvals"))[0]).toMatchObject({ execution: "unknown" });
    await agent.until("runs", ([run]) => run?.state === "parked");
    await agent.decide(second?.id ?? "", false);
    await over();
    expect(happened).toEqual([]);
    expect(JSON.stringify(model.calls[0]?.prompt)).toContain("nobody knows whether it happened");
    expect((await saidIn(agent)).at(-1)).toContain("Not done again, though nobody knows whether");
  });

  test("goes on in the same run of a task, also when another call of its round has failed", async () => {
    const model = createScriptedModel(
      {
        callTools: [
          ["post", { text: "a" }],
          ["nothing_like_it", {}],
        ],
      },
      { text: "It is out." },
    );
    await agent.startWorkers(model);
    await agent.createTask("post a");
    const approval = await parked();
    expect(await agent.rows("tasks")).toMatchObject([{ status: "blocked", attempts: 1 }]);
    await agent.decide(approval.id, true);
    await agent.until("tasks", ([task]) => task?.finished_at_ms !== null);
    expect(await agent.rows("tasks")).toMatchObject([{ status: "succeeded", attempts: 1 }]);
    expect(await agent.rows("runs")).toMatchObject([{ state: "succeeded" }]);
    expect(happened).toEqual(["a"]);
  });
});
