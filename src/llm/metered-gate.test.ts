import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { FixtureResponse, LLMock } from "@copilotkit/aimock";
import { describe, expect, test } from "vitest";
import { findFreePort } from "../../test/support/find-free-port.ts";
import { COST, prepareGate, SOL, SONNET, USAGE } from "../../test/support/prepare-gate.ts";
import { AppError } from "../core/errors.ts";
import { OFFLINE_PLAN } from "../core/model/model-plan.ts";
import { SpendCapReached } from "./spend-cap-reached.ts";

const { open, planOf, provider } = prepareGate();
const asked = () =>
  provider()
    .getRequests()
    .map(({ path, body }) => `${path} ${(body as { model?: string } | null)?.model}`);
const hello = (
  response: Parameters<LLMock["onMessage"]>[1],
  opts?: Parameters<LLMock["onMessage"]>[2],
) => provider().onMessage("hello", response, opts);

test("a run goes on with the model that it has, unless that one cannot be reached any more", async () => {
  hello({ content: "good day", ...USAGE });
  const { ask, models } = await open(planOf([SOL]));
  await ask("hello", { pinned: "anthropic/claude-sonnet-5-5" });
  await ask("hello", { pinned: "google/gemini-3.8-flash" });
  expect(asked()).toEqual(["/v1/messages claude-sonnet-5-5", "/v1/chat/completions gpt-6-sol"]);
  expect(await models()).toEqual([null, "openai/gpt-6-sol"]);
});

test("a run goes on with the model that answered it; a call beside it changes nothing", async () => {
  provider().on({ model: SOL.model }, { error: { message: "not now" }, status: 503 });
  provider().on({ model: SONNET.model }, { content: "from the other", ...USAGE });
  const { ask, models } = await open(planOf([SOL, SONNET]));
  await ask("hello", { pinned: "openai/gpt-6-sol" });
  await ask("sum it up", { purpose: "summary" });
  expect(await models()).toEqual(["anthropic/claude-sonnet-5-5", null]);
});

test("a turn goes on with the model that answered its summary in place of its own, and begins a summary with that", async () => {
  provider().on({ model: SOL.model }, { error: { message: "not now" }, status: 503 });
  provider().on({ model: SONNET.model }, { content: "from the other", ...USAGE });
  const { ask, models } = await open(planOf([SOL, SONNET]));
  await ask("sum it up", { purpose: "summary", pinned: "openai/gpt-6-sol" });
  expect(await models()).toEqual(["anthropic/claude-sonnet-5-5"]);
  provider().clearRequests();
  await ask("sum it up", { purpose: "summary", pinned: "anthropic/claude-sonnet-5-5" });
  expect(asked()).toEqual(["/v1/messages claude-sonnet-5-5"]);
});

test.each([
  ["is not begun with the turn's", [SOL, SONNET], [SONNET], ["/v1/messages claude-sonnet-5-5"]],
  [
    "does not bring the turn to one of them",
    [SOL],
    [SOL, SONNET],
    ["/v1/chat/completions gpt-6-sol", "/v1/messages claude-sonnet-5-5"],
  ],
] as const)("a summary by models of its own %s", async (_name, chat, summary, expected) => {
  provider().on({ model: SOL.model }, { error: { message: "not now" }, status: 503 });
  provider().on({ model: SONNET.model }, { content: "the record", ...USAGE });
  const plan = planOf(chat);
  const { ask, models } = await open({ ...plan, models: { ...plan.models, summary } });
  await ask("sum it up", { purpose: "summary", pinned: "openai/gpt-6-sol" });
  expect(asked()).toEqual(expected);
  expect(await models()).toEqual([null]);
});

describe.each([
  ["OpenAI", SOL, "/v1/chat/completions"],
  ["Anthropic", SONNET, "/v1/messages"],
] as const)("a call of %s", (_name, ref, path) => {
  test("is put aside for before, streamed, and settled at what it was", async () => {
    hello({ content: "good day to you, and many of them", ...USAGE });
    const { ask, usage, steps, texts } = await open(planOf([ref]));
    expect(await ask("hello")).toBe("good day to you, and many of them");

    expect(asked()).toEqual([`${path} ${ref.model}`]);
    expect(texts.at(-1)).toBe("good day to you, and many of them");
    expect(await steps()).toMatchObject([
      { state: "finished", name: `${ref.provider}/${ref.model}` },
    ]);
    const [row] = await usage();
    expect(row).toMatchObject({
      purpose: "chat",
      state: "settled",
      input_tokens: 100,
      output_tokens: 20,
      cost_micro_usd: COST,
    });
    expect(row?.reserved_micro_usd).toBeGreaterThan(10 * 1_000);
  });

  test("says how long an answer may be, and carries the key where it belongs", async () => {
    hello({ content: "hi", ...USAGE });
    const { ask } = await open(planOf([ref]));
    await ask("hello");
    const [request] = provider().getRequests();
    const body = JSON.stringify(request?.body);
    expect(body).toMatch(/"max_(completion_)?tokens":1000/);
    expect(body).toContain("Be brief.");
    expect(JSON.stringify(request?.headers)).not.toContain("undefined");
  });
});

describe("a model that does not answer", () => {
  test.each([429, 500, 503, 401, 403, 404])(
    "by %i leaves the call to the next, of another vendor too",
    async (status) => {
      provider().on({ model: SOL.model }, { error: { message: "not now" }, status });
      provider().on({ model: SONNET.model }, { content: "from the other", ...USAGE });
      const { ask, steps, usage } = await open(planOf([SOL, SONNET]));
      expect(await ask("hello")).toBe("from the other");
      expect(asked()).toEqual(["/v1/chat/completions gpt-6-sol", "/v1/messages claude-sonnet-5-5"]);
      expect((await steps()).map(({ state }) => state)).toEqual(["failed", "finished"]);
      expect((await usage()).map((row) => row.state).sort()).toEqual(["released", "settled"]);
    },
  );

  test("is tried again by the queue, and not before its provider wants it", async () => {
    hello({ error: { message: "slow down" }, status: 429, retryAfter: 7 });
    const { ask, usage } = await open();
    await expect(ask("hello")).rejects.toMatchObject({ code: "unavailable", retryAfterMs: 7_000 });
    expect(asked()).toHaveLength(1);
    expect(await usage()).toMatchObject([{ state: "released" }]);
  });

  test.each([401, 402, 403, 404])(
    "because of its key, its money or its name, %i, is not asked again",
    async (status) => {
      provider().on({ model: SOL.model }, { error: { message: "not you" }, status });
      const { ask, close } = await open();
      await expect(ask("hello")).rejects.toMatchObject({ code: "invalid_input" });
      await close();
      provider().on({ model: SONNET.model }, { error: { message: "not now" }, status: 503 });
      const other = await open(planOf([SONNET, SOL]));
      await expect(other.ask("hello")).rejects.toMatchObject({ code: "unavailable" });
    },
  );

  test("is not asked before its time because another one did not answer either", async () => {
    const slow = { error: { message: "slow down" }, status: 429, retryAfter: 7 };
    provider().on({ model: SOL.model }, slow);
    provider().on({ model: SONNET.model }, { error: { message: "not now" }, status: 503 });
    const { ask } = await open(planOf([SOL, SONNET]));
    await expect(ask("hello")).rejects.toMatchObject({ retryAfterMs: 7_000 });
  });

  test("because the request is bad is the last that is asked", async () => {
    hello({ error: { message: "no such parameter" }, status: 400 });
    const { ask, log } = await open(planOf([SOL, SONNET]));
    await expect(ask("hello")).rejects.toMatchObject({ code: "invalid_input" });
    expect(asked()).toHaveLength(1);
    expect(log.join()).toContain("no such parameter");
  });

  test("because nobody is there costs nothing", async () => {
    const nobody = {
      openai: { baseUrl: `http://127.0.0.1:${await findFreePort()}/v1`, apiKey: "k" },
    };
    const { ask, usage } = await open({ ...planOf([SOL]), endpoints: nobody });
    await expect(ask("hello")).rejects.toMatchObject({ code: "unavailable" });
    expect(await usage()).toMatchObject([{ state: "released", cost_micro_usd: 0 }]);
  });

  test("to the end counts as all that was put aside", async () => {
    hello({ content: "a long answer that is never whole ".repeat(20) }, { truncateAfterChunks: 3 });
    const { ask, usage } = await open();
    await expect(ask("hello")).rejects.toMatchObject({ code: "unavailable" });
    const [row] = await usage();
    expect(row).toMatchObject({ state: "settled", cost_micro_usd: row?.reserved_micro_usd });
  });
});

const ON_AND_ON = "again and ".repeat(9_000);
test.each<[string, FixtureResponse]>([
  ["answer", { content: ON_AND_ON, ...USAGE }],
  ["thought", { reasoning: ON_AND_ON, content: "done", ...USAGE }],
  [
    "call",
    { toolCalls: [{ name: "look", arguments: JSON.stringify({ at: ON_AND_ON }) }], ...USAGE },
  ],
])("one %s that goes far beyond the length it was told is broken off", async (_name, said) => {
  hello(said);
  const { ask, usage, texts } = await open(planOf([SONNET]));
  await expect(ask("hello")).rejects.toMatchObject({ code: "unavailable" });
  expect(texts.at(-1)?.length ?? 0).toBeLessThan(33_000);
  const [row] = await usage();
  expect(row).toMatchObject({ state: "settled", cost_micro_usd: row?.reserved_micro_usd });
});

describe("a cap", () => {
  const caps = { daily: 50_000 };

  test("stops a call before anybody is asked, and says which", async () => {
    hello({ content: "hi", ...USAGE });
    const { ask, steps } = await open(planOf([SOL]), { caps: { daily: 100_000, run: 100 } });
    const error = await ask("hello").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SpendCapReached);
    expect(error).toMatchObject({
      scope: { key: expect.stringMatching(/^work:run_/) },
      usedMicroUsd: 0,
      allowedMicroUsd: 100,
    });
    expect(asked()).toEqual([]);
    expect(await steps()).toEqual([]);
  });

  test("is never passed by fifty calls at once, and the ledger is the sum of the runs", async () => {
    hello({ content: "hi", ...USAGE });
    const { ask, usage } = await open(planOf([SOL]), { caps });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => ask("hello")));
    const answered = results.filter(({ status }) => status === "fulfilled").length;
    const refused = results.filter(
      (one) => one.status === "rejected" && one.reason instanceof SpendCapReached,
    ).length;
    expect(answered).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    expect(answered + refused).toBe(50);
    const spent = (await usage()).reduce((sum, row) => sum + row.cost_micro_usd, 0);
    expect(spent).toBe(answered * COST);
    expect(spent).toBeLessThanOrEqual(caps.daily);
  });
});

const ONE_WORD = `data: ${JSON.stringify({
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: SOL.model,
  choices: [{ index: 0, delta: { role: "assistant", content: "slowly" }, finish_reason: null }],
})}\n\n`;

describe("the gate", () => {
  test("asks nothing and writes nothing while models are switched off", async () => {
    const { ask, steps } = await open(planOf([SOL]), { isEnabled: false });
    await expect(ask("hello")).rejects.toMatchObject({ code: "access_denied" });
    expect(await steps()).toEqual([]);
  });

  test("rejects with the reason of an abort, which reaches the socket, and leaves the step open", async () => {
    const closed = Promise.withResolvers<void>();
    // It says one word and then nothing, for ever.
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(ONE_WORD);
      response.once("close", closed.resolve);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { ask, steps, usage } = await open(planOf([SOL], `http://127.0.0.1:${port}/v1`));
    const stop = new AbortController();
    const reason = new AppError("cancelled", "stop");
    const answer = ask("hello", {
      signal: stop.signal,
      onText: () => stop.abort(reason),
    });
    await expect(answer).rejects.toBe(reason);
    await closed.promise;
    server.close();
    expect(await steps()).toMatchObject([{ state: "started" }]);
    expect(await usage()).toMatchObject([{ state: "reserved" }]);
  });

  test("gives up on a model that falls silent, not on one that goes on", async () => {
    hello({ content: "never" }, { streamingProfile: { ttft: 3_600_000 } });
    const { ask, test, steps } = await open();
    const answer = ask("hello").catch((caught: unknown) => caught);
    await expect.poll(() => provider().getRequests().length).toBe(1);
    test.clock.advance(60_000);
    expect(await answer).toMatchObject({ code: "unavailable" });
    expect((await steps()).map(({ state }) => state)).toEqual(["failed"]);
  });

  test("cuts a long failure before what may be half of a secret", async () => {
    const failure = `${"no ".repeat(160)}sk-${"a1".repeat(30)} is no key`;
    hello({ error: { message: failure }, status: 400 });
    const { ask, steps } = await open();
    await ask("hello").catch(() => undefined);
    expect((await steps())[0]?.error?.length).toBeLessThan(500);
    expect((await steps())[0]?.error).not.toContain("sk-");
  });

  test("serves the offline model like any other, for nothing", async () => {
    const { ask, gate, usage } = await open(OFFLINE_PLAN, { caps: { daily: 0, run: 0 } });
    expect(gate.modelFor("task")).toBe("offline");
    expect(await ask("hello")).toContain("offline model");
    expect(await usage()).toMatchObject([{ model: "offline", cost_micro_usd: 0 }]);
  });
});
