import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logInToPage } from "../support/log-in-to-page.ts";
import { asksOf, openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { readEvents } from "../support/read-events.ts";
import { runCommand } from "../support/run-command.ts";

const WORDS = "It is written, and this is what it says now.";
const THOUGHT = { reasoning: "I write it first.", reasoningSignature: "sig-canary-1" };
const USAGE = {
  usage: { prompt_tokens: 100, completion_tokens: 20, input_tokens: 100, output_tokens: 20 },
};

const call = (id: string, name: string, input: object) => ({
  id,
  name,
  arguments: JSON.stringify(input),
});
const WRITE_AND_LIST = {
  toolCalls: [
    call("call_write", "write_file", { path: "notes/a.md", content: "hello" }),
    call("call_run", "list_files", { path: "nowhere" }),
  ],
  ...USAGE,
};
const READ = { toolCalls: [call("call_read", "read_file", { path: "notes/a.md" })], ...USAGE };

let provider: TestProvider;
let t: TestRuntime;
beforeEach(async () => {
  provider = await openProvider();
});
afterEach(async () => {
  await t.close();
  await provider.close();
});

async function expectWritten() {
  const [context] = await t.rows("contexts");
  const file = join(t.dataDir, "workspaces", context?.workspace_id ?? "", "notes/a.md");
  expect(readFileSync(file, "utf8")).toBe("hello");
}

async function expectJournal() {
  const steps = await t.rows("run_steps");
  expect(steps.map(({ kind, name, state }) => [kind, kind === "tool" ? name : "", state])).toEqual([
    ["model", "", "finished"],
    ["tool", "write_file", "finished"],
    ["tool", "list_files", "failed"],
    ["model", "", "finished"],
    ["tool", "read_file", "finished"],
    ["model", "", "finished"],
  ]);
  expect(await t.rows("runs")).toMatchObject([{ state: "succeeded" }]);
  const usage = await t.rows("usage");
  expect(usage.map(({ state, input_tokens }) => [state, input_tokens])).toEqual(
    Array.from({ length: 3 }, () => ["settled", 100]),
  );
}

describe("a turn of three rounds, with calls side by side", () => {
  test("on Telegram, in OpenAI's format", async () => {
    provider.answerRounds(WRITE_AND_LIST, READ, { content: WORDS, ...USAGE });
    t = await openTestRuntime({ telegram: true, env: asksOf.openai(provider) });
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, "write a note and read it to me");
    await t.telegram.nextSent(({ text }) => text === WORDS);
    await t.idle();
    await expectWritten();
    await expectJournal();

    const bodies = provider.asked.map(({ body }) => body);
    expect(provider.asked.map(({ path }) => path)).toEqual(
      Array.from({ length: 3 }, () => "/v1/chat/completions"),
    );
    expect(bodies[0].messages.at(-1)).toEqual({
      role: "user",
      content: "write a note and read it to me",
    });
    expect(bodies[0].tools.map((one: { function: { name: string } }) => one.function.name)).toEqual(
      expect.arrayContaining(["write_file", "list_files", "read_file"]),
    );
    // What went before is told again word for word, and each call has its own answer.
    expect(bodies[1].messages.slice(0, -3)).toEqual(bodies[0].messages);
    expect(bodies[1].messages.slice(-3)).toMatchObject([
      {
        role: "assistant",
        tool_calls: [
          { id: "call_write", function: { name: "write_file" } },
          { id: "call_run", function: { name: "list_files", arguments: '{"path":"nowhere"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_write", content: "Wrote 5 bytes to notes/a.md." },
      {
        role: "tool",
        tool_call_id: "call_run",
        content: '{"error":"There is no folder nowhere."}',
      },
    ]);
    expect(bodies[2].messages.slice(0, -2)).toEqual(bodies[1].messages);
    expect(bodies[2].messages.at(-1)).toMatchObject({
      role: "tool",
      tool_call_id: "call_read",
      content: expect.stringContaining("hello"),
    });
    expect(bodies[2].tools).toEqual(bodies[0].tools);
  });

  test("over HTTP, in Anthropic's format, with its thoughts and their signature told again", async () => {
    provider.answerRounds({ ...WRITE_AND_LIST, ...THOUGHT }, READ, { content: WORDS, ...USAGE });
    t = await openTestRuntime({ env: asksOf.anthropic(provider) });
    const { body } = await t.api("POST", "/api/v1/chat", { text: "write a note" });
    expect(body).toMatchObject({ outcome: "answered", reply: WORDS });
    await expectWritten();
    await expectJournal();

    const [, second, third] = provider.asked.map((one) => one.body);
    expect(provider.asked.map(({ path }) => path)).toEqual(
      Array.from({ length: 3 }, () => "/v1/messages"),
    );
    expect(second.messages.at(-2)).toMatchObject({
      role: "assistant",
      content: [
        { type: "thinking", thinking: THOUGHT.reasoning, signature: THOUGHT.reasoningSignature },
        { type: "tool_use", id: "call_write", name: "write_file" },
        { type: "tool_use", id: "call_run", input: { path: "nowhere" } },
      ],
    });
    expect(second.messages.at(-1)).toMatchObject({
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "call_write", content: "Wrote 5 bytes to notes/a.md." },
        { type: "tool_result", tool_use_id: "call_run", is_error: true },
      ],
    });
    // What is to be told again is kept by the provider, up to its last part.
    const kept = { type: "ephemeral" };
    expect(second.messages.at(-1).content[1].cache_control).toEqual(kept);
    expect(JSON.stringify(provider.asked[0]?.body)).not.toContain("cache_control");
    expect(third.messages.at(-1).content.at(-1).cache_control).toEqual(kept);
    delete second.messages.at(-1).content[1].cache_control;
    expect(third.messages.slice(0, second.messages.length)).toEqual(second.messages);
    expect(JSON.stringify(third.messages.at(-1))).toContain("hello");
  });

  test("on the page", async () => {
    provider.answerRounds(WRITE_AND_LIST, READ, { content: WORDS, ...USAGE });
    t = await openTestRuntime({ env: asksOf.anthropic(provider) });
    const page = await logInToPage(t);
    const posted = await page("POST", "/api/v1/conversation/messages", {
      text: "write a note",
      message_id: "page-1",
    });
    expect(posted.status).toBeLessThan(300);
    await t.idle();
    const { body } = await page("GET", "/api/v1/conversation");
    expect(JSON.stringify(body)).toContain(WORDS);
    await expectWritten();
    await expectJournal();
  });

  test("in the terminal", async () => {
    provider.answerRounds(WRITE_AND_LIST, READ, { content: WORDS, ...USAGE });
    t = await openTestRuntime({ env: asksOf.openai(provider) });
    const said = await runCommand(["chat", "write", "a", "note"], {
      cwd: t.directory,
      env: { AGENT_RUNTIME_DATA_DIR: t.dataDir },
    });
    expect(said).toMatchObject({ exitCode: 0, stdout: `${WORDS}\n` });
    await expectWritten();
    await expectJournal();
  });
});

const LONG = "a sentence that goes on and on ".repeat(20).trim();

/** Calls tools first, and then writes so slowly that one can watch. */
function answerSlowly() {
  const slowly = { streamingProfile: { ttft: 0, tps: 20 } };
  provider.mock.on({ hasToolResult: true }, { content: LONG }, slowly);
  provider.mock.on({ hasToolResult: false }, WRITE_AND_LIST);
}

test("an answer grows on Telegram while the provider writes it, also after tools were called", async () => {
  answerSlowly();
  t = await openTestRuntime({ telegram: true, env: asksOf.anthropic(provider) });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "tell me a lot");
  const draft = await t.telegram.nextDraft(({ text }) => text.startsWith("a sentence"));
  expect(LONG.startsWith(draft.text)).toBe(true);
  expect((await t.telegram.nextSent(({ text }) => text.startsWith("a sentence"))).text).toBe(LONG);
});

test("an answer grows on the page while the provider writes it, also after tools were called", async () => {
  answerSlowly();
  t = await openTestRuntime({ env: asksOf.openai(provider) });
  const page = await logInToPage(t);
  const events = await readEvents(t);
  const message = { text: "tell me a lot", message_id: "page-1" };
  await page("POST", "/api/v1/conversation/messages", message);
  const draft = await events.next(({ name, text }) => name === "draft" && text !== "");
  expect(draft.text.length).toBeLessThan(LONG.length);
  expect(LONG.startsWith(draft.text)).toBe(true);
  await t.idle();
  await events.close();
  expect(JSON.stringify((await page("GET", "/api/v1/conversation")).body)).toContain(LONG);
});
