import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asksOf, openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

const TOKENS = {
  usage: { prompt_tokens: 100, completion_tokens: 20, input_tokens: 100, output_tokens: 20 },
};
const LONG = "an answer that its provider never gets to the end of ".repeat(20);
const list = (id: string) => ({
  toolCalls: [{ id, name: "list_files", arguments: "{}" }],
  ...TOKENS,
});

let provider: TestProvider;
let t: TestRuntime;
beforeEach(async () => {
  provider = await openProvider();
});
afterEach(async () => {
  await t.close();
  await provider.close();
});

const chat = async (text: string) =>
  (await t.api("POST", "/api/v1/chat", { text, wait_seconds: 30 })).body;
const askedModels = () => provider.asked.map(({ body }) => body.model);

describe("a model that does not answer", () => {
  const withFallback = () => ({ ...asksOf.openai(provider), LLM_FALLBACKS: "openai/gpt-6-luna" });

  test.each([429, 503])(
    "by %i in the second round leaves that round to the next model",
    async (status) => {
      provider.mock.on({ model: "gpt-6-sol", hasToolResult: false }, list("call_1"));
      provider.mock.on({ model: "gpt-6-sol" }, { error: { message: "not now" }, status });
      provider.mock.on({ model: "gpt-6-luna" }, { content: "From the other.", ...TOKENS });
      t = await openTestRuntime({ env: withFallback() });
      expect(await chat("look around")).toMatchObject({ reply: "From the other." });
      // No second try of the same model, by us or by its library.
      expect(askedModels()).toEqual(["gpt-6-sol", "gpt-6-sol", "gpt-6-luna"]);
      // The other model is told the same, the first round's results with it.
      expect(provider.asked[2]?.body.messages).toEqual(provider.asked[1]?.body.messages);
      const tools = (await t.rows("run_steps")).filter(({ kind }) => kind === "tool");
      expect(tools).toMatchObject([{ name: "list_files", state: "finished" }]);
    },
  );

  test("because it is silent for as long as is set leaves the answer to the next", async () => {
    provider.mock.on(
      { model: "gpt-6-sol" },
      { content: "far too late" },
      { streamingProfile: { ttft: 3_000, tps: 100 } },
    );
    provider.mock.on({ model: "gpt-6-luna" }, { content: "From the other.", ...TOKENS });
    t = await openTestRuntime({ env: { ...withFallback(), LLM_TIMEOUT_SECONDS: "1" } });
    expect(await chat("tell me")).toMatchObject({ reply: "From the other." });
    const [failed] = (await t.rows("run_steps")).filter(({ state }) => state === "failed");
    expect(failed?.error).toBe("The model was silent for 1 s.");
  });

  test("is not asked again in the run that another has answered, which says so", async () => {
    provider.mock.on({ model: "gpt-6-sol" }, { error: { message: "not now" }, status: 503 });
    provider.mock.on({ model: "gpt-6-luna", hasToolResult: false }, list("call_1"));
    provider.mock.on({ model: "gpt-6-luna" }, { content: "From the other.", ...TOKENS });
    t = await openTestRuntime({ env: withFallback() });
    const { message_id: id } = await chat("look around");
    expect(askedModels()).toEqual(["gpt-6-sol", "gpt-6-luna", "gpt-6-luna"]);
    const { body } = await t.api("GET", `/api/v1/messages/${id}/explain`);
    expect(body).toMatchObject({ run: { model: "openai/gpt-6-luna" } });
    // The next run begins as the configuration says.
    await chat("and again");
    expect(askedModels().slice(3, 5)).toEqual(["gpt-6-sol", "gpt-6-luna"]);
  });

  test("to its end leaves the whole answer to the next, and nothing of the half one is said", async () => {
    provider.mock.on({ model: "gpt-6-sol" }, { content: LONG }, { truncateAfterChunks: 4 });
    provider.mock.on({ model: "gpt-6-luna" }, { content: "From the other.", ...TOKENS });
    t = await openTestRuntime({ telegram: true, env: withFallback() });
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, "tell me");
    await t.telegram.nextSent(({ text }) => text === "From the other.");
    await t.idle();
    expect(askedModels()).toEqual(["gpt-6-sol", "gpt-6-luna"]);
    expect(t.telegram.sent.filter(({ text }) => text.includes("never gets"))).toEqual([]);
  });

  test("because the request is bad is not asked again, nor is another, and the person is told", async () => {
    provider.mock.on(
      { predicate: () => true },
      { error: { message: "no such thing" }, status: 400 },
    );
    t = await openTestRuntime({ env: withFallback() });
    const answer = await chat("tell me");
    expect(answer).toMatchObject({ outcome: "failed" });
    expect(answer.reply).not.toBe("");
    await t.idle();
    expect(askedModels()).toEqual(["gpt-6-sol"]);
  });
});

test.each(["openai", "anthropic"] as const)(
  "whoever waits for %s hears that its key is wrong and what to do, and not what it said of it",
  async (vendor) => {
    const wrong = { error: { message: "no such key: sk-canary-key" }, status: 401 };
    provider.mock.on({ predicate: () => true }, wrong);
    const env = { ...asksOf[vendor](provider), LLM_API_KEY: "sk-canary-key" };
    t = await openTestRuntime({ telegram: true, env });
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, "good day, my friend");
    const told = await t.telegram.nextSent(({ text }) => text.includes("I could not answer"));
    expect(told.text).toMatch(
      /The provider of \S+ refuses the key \(401\)\. Whoever runs me has to set one that it takes\./,
    );
    expect(JSON.stringify([t.telegram.sent, t.logLines])).not.toContain("canary");
  },
);

test("a run that goes on and on ends at its limit of steps, and says so", async () => {
  provider.mock.on({ predicate: () => true }, () => list(`call_${provider.asked.length}`));
  t = await openTestRuntime({ telegram: true, env: asksOf.anthropic(provider) });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "look around for ever");
  await t.telegram.nextSent(({ text }) => text.includes("20 steps"));
  await t.idle();
  expect(provider.asked).toHaveLength(20);
  expect(await t.rows("runs")).toMatchObject([{ state: "budget_exceeded" }]);
});

test("a run may be kept to a few calls of tools: it ends within one of them, and says so", async () => {
  const twice = (at: string) =>
    [`call_a_${at}`, `call_b_${at}`].flatMap((id) => list(id).toolCalls);
  provider.mock.on({ predicate: () => true }, () => ({
    toolCalls: twice(`${provider.asked.length}`),
    ...TOKENS,
  }));
  t = await openTestRuntime({
    env: { ...asksOf.openai(provider), MAX_TOOL_CALLS_PER_RUN: "3" },
  });
  const answer = await chat("look around for ever");
  expect(answer).toMatchObject({ outcome: "failed", reason: "budget_exceeded" });
  expect(answer.reply).toContain("3 tool calls");
  const calls = (await t.rows("run_steps")).filter(({ kind }) => kind === "tool");
  expect(calls.filter(({ result }) => !result?.includes("used up its tool calls"))).toHaveLength(3);
  expect(calls).toHaveLength(4);
});

test("a run ends within one call of its tokens, and says so", async () => {
  provider.mock.on({ predicate: () => true }, () => list(`call_${provider.asked.length}`));
  t = await openTestRuntime({
    env: { ...asksOf.anthropic(provider), MAX_TOKENS_PER_RUN: "1000" },
  });
  const answer = await chat("look around for ever");
  expect(answer).toMatchObject({ outcome: "failed", reason: "budget_exceeded" });
  expect(answer.reply).toContain("1000 tokens");
  expect(provider.asked).toHaveLength(Math.ceil(1_000 / 120));
});

describe("a key", () => {
  const KEYS = {
    OPENAI_API_KEY: "sk-canary-openai",
    ANTHROPIC_API_KEY: "sk-canary-anthropic",
    GOOGLE_GENERATIVE_AI_API_KEY: "canary-google",
  };

  test.each([
    ["openai-compatible", { LLM_PROVIDER: "openai-compatible", LLM_MODEL: "llama" }],
    ["openai", { LLM_PROVIDER: "openai", LLM_MODEL: "gpt-6-sol" }],
    ["anthropic", { LLM_PROVIDER: "anthropic", LLM_MODEL: "claude-sonnet-5-5" }],
  ])(
    "of a vendor in the environment never goes to another address, asked as %s",
    async (_, env) => {
      provider.answerRounds({ content: "Hello.", ...TOKENS });
      t = await openTestRuntime({ env: { ...env, LLM_BASE_URL: provider.url }, otherEnv: KEYS });
      expect(await chat("good day, my friend")).toMatchObject({ reply: "Hello." });
      expect(JSON.stringify(provider.asked)).not.toContain("canary");
    },
  );

  test("that is set for this address goes there, and into no record", async () => {
    provider.answerRounds({ content: "Hello.", ...TOKENS });
    const env = { ...asksOf.openai(provider), LLM_API_KEY: "sk-canary-ours" };
    t = await openTestRuntime({ env, otherEnv: KEYS });
    await chat("good day, my friend");
    expect(provider.asked[0]?.headers.authorization).toBe("Bearer sk-canary-ours");
    const kept = [await t.rows("run_steps"), await t.rows("usage"), t.logLines];
    expect(JSON.stringify(kept)).not.toContain("canary");
  });
});
