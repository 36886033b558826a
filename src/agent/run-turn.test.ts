import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { queueDraft } from "../core/delivery/queue-reply.ts";
import { MAX_ATTEMPTS } from "../core/job/job.ts";
import { laneOf } from "../core/job/lanes.ts";

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent();
});
afterEach(() => agent.close());

const isSettled = (rows: readonly { outcome: string }[]) =>
  rows.every((row) => row.outcome !== "pending");

async function replies(): Promise<string[]> {
  return (await agent.rows("deliveries")).map((row) => row.body);
}

describe("a turn", () => {
  test("answers its message with the offline model, in one commit with the run's end", async () => {
    await agent.say("hello");
    await agent.startWorkers();

    const [message] = await agent.until("messages", isSettled);
    expect(message).toMatchObject({ outcome: "answered", reason: null });
    expect(await replies()).toEqual([expect.stringContaining("offline model")]);
    expect(await agent.rows("runs")).toMatchObject([{ state: "succeeded", model: "offline" }]);
    expect(await agent.rows("run_steps")).toMatchObject([{ number: 1, state: "finished" }]);
    const [usage] = await agent.rows("usage");
    expect(usage).toMatchObject({ state: "settled", cost_micro_usd: 0 });
    expect(usage?.output_tokens).toBeGreaterThan(0);
    expect(agent.drafts.length).toBeGreaterThan(1);
    await expect.poll(() => agent.openDrafts.size).toBe(0);
  });

  test("offers a command that was asked for as a button", async () => {
    await agent.say("create a task to prepare the report");
    await agent.startWorkers();

    await agent.until("messages", isSettled);
    const [body] = await replies();
    expect(body).toContain('"command":"/task prepare the report"');
  });

  test("tells the model what was said before, in order, the new message last", async () => {
    const model = createScriptedModel({ text: "one" }, { text: "two" });
    await agent.say("first");
    await agent.say("second");
    await agent.startWorkers(model);

    await agent.until("messages", isSettled);
    const said = model.calls[1]?.prompt.map((message) =>
      typeof message.content === "string"
        ? message.role
        : `${message.role}: ${message.content.map((part) => (part.type === "text" ? part.text : "")).join("")}`,
    );
    expect(said).toEqual(["system", "user: first", "assistant: one", "user: second"]);
  });

  test("tells the model what admins set there beside all else, from the next turn on, in tasks too", async () => {
    const model = createScriptedModel({ text: "one" }, { text: "two" }, { text: "three" });
    await agent.say("first");
    await agent.startWorkers(model);
    await agent.until("messages", isSettled);
    await agent.setPrompt("Speak German.\nBe brief.");
    await agent.say("second");
    await agent.until("messages", isSettled);
    await agent.createTask("third");
    await agent.until("tasks", (rows) => rows[0]?.status === "succeeded");

    const told = model.calls.map((call) => `${call.prompt[0]?.content}`);
    const added = "The admins of this conversation add, indented:\n  Speak German.\n  Be brief.";
    expect(told.map((text) => text.includes(added))).toEqual([false, true, true]);
    for (const text of told) expect(text).toContain("You are the assistant of agent-runtime");
    expect(told[2]).toContain("Mode: background task.");
  });

  test("shows that it works for as long as it works", async () => {
    await agent.say("hello");
    const pool = await agent.startWorkers();

    await agent.until("messages", isSettled);
    await pool.stop();
    expect(agent.presence.map((signal) => signal.aborted)).toEqual([true]);
  });

  test("takes its draft out of the chat when somebody else has settled its message", async () => {
    const { messageId, runId } = await agent.say("hello");
    const { contextId } = agent;
    const context = {
      id: contextId,
      connector: "web",
      account: "owner",
      external_id: "42",
    } as const;
    const of = { context, messageId, runId, taskId: null, replyToExternalId: null };
    const draft = queueDraft({ ...of, body: [], now: agent.clock.now() });
    const settled = { outcome: "answered", reason: null } as const;
    await agent.store.commit({
      name: "test",
      actor: "test",
      cause: "test",
      now: agent.clock.now(),
      effects: [draft, { type: "settle-message", id: messageId, ...settled }],
    });
    await agent.startWorkers();

    await agent.until("runs", ([run]) => run?.state === "succeeded");
    const rows = await agent.rows("deliveries");
    expect(rows).toMatchObject([{ id: draft.id, state: "pending" }]);
    expect((await agent.rows("jobs")).map(({ lane }) => lane)).toEqual([laneOf.draft(draft.id)]);
  });

  test("says that an answer was cut off", async () => {
    await agent.say("tell me all");
    await agent.startWorkers(createScriptedModel({ text: "a beginning", finish: "length" }));

    await agent.until("messages", isSettled);
    expect(await replies()).toEqual([expect.stringContaining("Cut off")]);
  });

  test("answers tool calls with no such tool, and gives up after six steps", async () => {
    const model = createScriptedModel({ callTool: "launch" });
    await agent.say("launch it");
    await agent.startWorkers(model);

    const [message] = await agent.until("messages", isSettled);
    expect(message).toMatchObject({ outcome: "failed", reason: "budget_exceeded" });
    expect(model.calls).toHaveLength(6);
    expect(JSON.stringify(model.calls[1]?.prompt)).toContain("There is no tool called");
    const steps = await agent.rows("run_steps");
    const kinds = steps.map(({ kind, state }) => `${kind} ${state}`);
    const rounds = Array(5).fill(["model finished", "tool failed"]).flat();
    expect(kinds).toEqual([...rounds, "model finished"]);
    expect(await agent.rows("runs")).toMatchObject([{ state: "budget_exceeded" }]);
    expect(await replies()).toEqual([expect.stringContaining("6 steps")]);
  });
});

describe("a turn whose model fails", () => {
  test("is tried again and answers", async () => {
    await agent.say("hello");
    await agent.startWorkers(
      createScriptedModel({ failWith: new Error("boom") }, { text: "here" }),
    );

    await agent.until("jobs", (jobs) => jobs[0]?.last_error != null);
    agent.clock.advance(60_000);
    const [message] = await agent.until("messages", isSettled);
    expect(message).toMatchObject({ outcome: "answered" });
    expect((await agent.rows("run_steps")).map((step) => step.state)).toEqual([
      "failed",
      "finished",
    ]);
    expect((await agent.rows("usage")).map((row) => row.state)).toEqual(["released", "settled"]);
    expect(await replies()).toHaveLength(1);
  });

  test.each([
    ["breaks", { failWith: new Error("sk-secret is wrong") }],
    ["says nothing", { text: "  " }],
    ["refuses", { text: "", finish: "content-filter" as const }],
  ])("tells the person once when it %s every time", async (_case, call) => {
    const { messageId } = await agent.say("hello");
    const model = createScriptedModel(call);
    await agent.startWorkers(model);

    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      await agent.until(
        "jobs",
        (jobs) => jobs[0]?.attempts === attempt && jobs[0].state === "ready",
      );
      agent.clock.advance(600_000);
    }
    const [message] = await agent.until("messages", isSettled);
    expect(message).toMatchObject({ outcome: "failed", reason: "turn_failed" });
    expect(await agent.rows("runs")).toMatchObject([{ state: "failed" }]);
    const told = await replies();
    expect(told).toEqual([expect.stringContaining(`/explain ${messageId.slice(-8)}`)]);
    expect(told[0]).not.toContain("sk-secret");
    expect(await agent.rows("jobs")).toMatchObject([{ state: "dead" }]);
  });
});

describe("a turn that is stopped", () => {
  test("ends while the model still talks, as failed(cancelled), with one short notice", async () => {
    const model = createScriptedModel({ hangAfter: "let me think " });
    const { jobId } = await agent.say("think for long");
    await agent.startWorkers(model);
    await model.begun(1);

    await agent.cancel(jobId);
    const [message] = await agent.until("messages", isSettled);
    expect(message).toMatchObject({ outcome: "failed", reason: "cancelled" });
    expect(await agent.rows("runs")).toMatchObject([{ state: "cancelled" }]);
    expect(await agent.rows("run_steps")).toMatchObject([{ state: "failed", error: "cancelled" }]);
    expect(await agent.rows("usage")).toMatchObject([{ state: "settled" }]);
    expect(await replies()).toEqual([expect.stringContaining("Stopped.")]);
    expect(await agent.rows("jobs")).toEqual([]);
  });

  test("goes on after an orderly shutdown and answers once", async () => {
    const hanging = createScriptedModel({ hangAfter: "wait " });
    await agent.say("hello");
    const pool = await agent.startWorkers(hanging);
    await hanging.begun(1);
    await pool.stop();
    expect(await agent.rows("messages")).toMatchObject([{ outcome: "pending" }]);

    await agent.startWorkers(createScriptedModel({ text: "back again" }));
    await agent.until("messages", isSettled);
    expect(await replies()).toEqual([expect.stringContaining("back again")]);
    expect((await agent.rows("run_steps")).map((step) => step.state)).toEqual([
      "unknown",
      "finished",
    ]);
  });

  test("is taken over from a process that died; what that one still says counts nothing", async () => {
    const hanging = createScriptedModel({ hangAfter: "wait " });
    await agent.say("hello");
    const dead = await agent.startWorkers(hanging);
    await hanging.begun(1);

    await agent.startWorkers(createScriptedModel({ text: "taken over" }));
    await agent.until("messages", isSettled);
    await dead.stop();
    expect(await replies()).toEqual([expect.stringContaining("taken over")]);
    expect(await agent.rows("runs")).toMatchObject([{ state: "succeeded" }]);
    expect((await agent.rows("run_steps")).map((step) => step.state)).toEqual([
      "unknown",
      "finished",
    ]);
    expect((await agent.rows("usage")).map((row) => row.state)).toEqual(["settled", "settled"]);
  });

  test("has no more than six steps, however often it is interrupted", async () => {
    const first = createScriptedModel({ callTool: "a" }, { callTool: "b" }, { hangAfter: "hm " });
    await agent.say("hello");
    const dead = await agent.startWorkers(first);
    await first.begun(3);

    const second = createScriptedModel({ callTool: "c" });
    await agent.startWorkers(second);
    await agent.until("messages", isSettled);
    await dead.stop();
    expect(second.calls).toHaveLength(4);
  });

  test("does not pay again for steps that were finished before the interruption", async () => {
    const first = createScriptedModel({ callTool: "launch" }, { hangAfter: "hm " });
    await agent.say("hello");
    const dead = await agent.startWorkers(first);
    await first.begun(2);

    const second = createScriptedModel({ text: "done" });
    await agent.startWorkers(second);
    await agent.until("messages", isSettled);
    await dead.stop();
    expect(second.calls).toHaveLength(1);
    expect(JSON.stringify(second.calls[0]?.prompt)).toContain("There is no tool called");
    expect((await agent.rows("run_steps")).map((step) => step.state)).toEqual([
      "finished",
      "failed",
      "unknown",
      "finished",
    ]);
  });
});
