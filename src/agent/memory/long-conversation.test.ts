import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createScriptedModel } from "../../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../../test/support/start-agent.ts";
import { estimateTokens } from "../../llm/estimate-tokens.ts";
import { createOfflineModel } from "../../llm/offline-model.ts";
import { isSummary } from "../../llm/summary-mode.ts";

const TURNS = 300;
/** As the test agent is set up. */
const BUDGET = 12_000;

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent();
});
afterEach(() => agent.close());

/** The offline model, and all that it was asked; `asked` settles with the first that holds a text. */
function openRecorder() {
  const offline = createOfflineModel();
  const calls: LanguageModelV4CallOptions[] = [];
  const waiting: { text: string; resolve: () => void }[] = [];
  const model = {
    ...offline,
    doStream(options: LanguageModelV4CallOptions) {
      calls.push(options);
      const last = JSON.stringify(options.prompt.at(-1));
      for (const one of waiting) if (last.includes(one.text)) one.resolve();
      return offline.doStream(options);
    },
  };
  const asked = (text: string) =>
    new Promise<void>((resolve) => void waiting.push({ text, resolve }));
  return { model, calls, asked };
}

const systemOf = ({ prompt }: LanguageModelV4CallOptions) => String(prompt[0]?.content);
const isSettled = (rows: readonly { outcome: string }[]) =>
  rows.every(({ outcome }) => outcome !== "pending");

test("a rule of turn 1 is told in turn 300, every request is under its budget, and the log is whole", async () => {
  const { model, calls, asked } = openRecorder();
  await agent.say("From now on end every answer with Moo.");
  for (let turn = 2; turn <= TURNS; turn += 1)
    await agent.say(`turn ${turn}: ${"the gate squeaks ".repeat(1 + (turn % 40))}`);
  const last = asked(`turn ${TURNS}:`);
  await agent.startWorkers(model);
  await last;
  await agent.until("messages", isSettled);

  const chats = calls.filter((call) => !isSummary(systemOf(call)));
  expect(chats).toHaveLength(TURNS);
  for (const [index, { prompt }] of chats.entries()) {
    expect(prompt[0]?.content).toContain("  1. From now on end every answer with Moo.");
    expect(estimateTokens(JSON.stringify(prompt))).toBeLessThanOrEqual(BUDGET);
    const said = prompt
      .map(
        (one) => /turn (\d+): /u.exec(JSON.stringify(one.role === "user" ? one.content : ""))?.[1],
      )
      .flatMap((turn) => (turn === undefined ? [] : [Number(turn)]))
      .filter((_turn, at, all) => at > 0 || all.length === 1);
    expect(said).toEqual(said.toSorted((a, b) => a - b));
    if (index > 1) expect(said.at(-1)).toBe(index + 1);
  }

  const summaries = calls.length - chats.length;
  expect(summaries).toBeGreaterThan(2);
  expect(summaries).toBeLessThan(TURNS / 5);
  const told = JSON.stringify(chats.at(-1)?.prompt[1]);
  expect(told).toContain("Earlier messages are summarised here; the log keeps them.");
  expect(await agent.rows("summaries")).toMatchObject([{ version: summaries, tainted_by: "[]" }]);
  expect(await agent.rows("messages")).toHaveLength(TURNS);
  const uses = await agent.rows("usage");
  expect(uses.filter(({ purpose }) => purpose === "summary")).toHaveLength(summaries);
});

test("a summary that fails takes no answer away, and is made with the next turn", async () => {
  for (let turn = 1; turn <= 64; turn += 1) await agent.say(`turn ${turn}`);
  // 61 messages and their answers are told word by word.
  const lines = Array.from({ length: 60 }, () => ({ text: "ok" }));
  const model = createScriptedModel(
    { text: "ok" },
    ...lines,
    { failWith: new Error("no summary today") },
    { text: "ok" },
    { text: "- the record" },
    { text: "ok" },
  );
  await agent.startWorkers(model);
  await model.begun(64 + 2);
  await agent.until("messages", isSettled);
  const rows = await agent.rows("messages");
  expect(rows.every(({ outcome }) => outcome === "answered")).toBe(true);
  expect(await agent.rows("summaries")).toMatchObject([{ version: 1, text: "- the record" }]);
});

test("a model that is silent at the summary is not waited for once more in the same turn", async () => {
  for (let turn = 1; turn <= 62; turn += 1) await agent.say(`turn ${turn}`);
  const lines = Array.from({ length: 60 }, () => ({ text: "ok" }));
  const first = createScriptedModel({ text: "ok" }, ...lines, { failWith: new Error("silent") });
  const second = createScriptedModel({ text: "- the record" }, { text: "ok" });
  const refs = [
    { provider: "openai", model: "first" },
    { provider: "openai", model: "second" },
  ] as const;
  await agent.startWorkers(undefined, true, {
    plan: {
      models: { chat: refs, task: refs, triage: refs, summary: refs },
      endpoints: { openai: { baseUrl: "http://127.0.0.1:9/v1", apiKey: undefined } },
    },
    open: async ({ model }) => (model === "first" ? first : second),
  });
  const rows = await agent.until("messages", isSettled);
  expect(rows.every(({ outcome }) => outcome === "answered")).toBe(true);
  expect(await agent.rows("summaries")).toMatchObject([{ text: "- the record" }]);
  expect(first.calls).toHaveLength(62);
  expect(second.calls).toHaveLength(2);
});

test("a rule holds until it is dropped by its number, and nobody's forwarded words are one", async () => {
  const model = createScriptedModel({ text: "ok" });
  const tell = async (text: string) => {
    await agent.say(text);
    await agent.until("messages", isSettled);
    return String(model.calls.at(-1)?.prompt[0]?.content);
  };
  await agent.startWorkers(model);
  expect(await tell("Always be brief.")).toContain("  1. Always be brief.");
  expect(await tell("Never sing.")).toContain("  2. Never sing.");
  const without = await tell("forget rule 1");
  expect(without).not.toContain("Always be brief.");
  expect(without).toContain("  2. Never sing.");
  expect(await tell("Always sing.")).toContain("  3. Always sing.");
  expect(await tell("forget all rules")).not.toContain("stated these rules");
});
