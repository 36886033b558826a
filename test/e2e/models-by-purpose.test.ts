import { afterEach, beforeEach, expect, test } from "vitest";
import { openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, pairOwner } from "../support/pair-people.ts";

const USAGE = {
  usage: { prompt_tokens: 100, completion_tokens: 20, input_tokens: 100, output_tokens: 20 },
};
const PURPOSES = ["chat", "task", "triage", "summary"] as const;

let provider: TestProvider;
let t: TestRuntime;
beforeEach(async () => {
  provider = await openProvider();
  for (const purpose of PURPOSES)
    provider.mock.on({ model: `for-${purpose}` }, { content: `From ${purpose}.`, ...USAGE });
});
afterEach(async () => {
  await t.close();
  await provider.close();
});

test("each purpose has the model that is set for it, and its calls are counted as that", async () => {
  t = await openTestRuntime({
    telegram: true,
    env: {
      LLM_PROVIDER: "openai-compatible",
      LLM_BASE_URL: provider.url,
      LLM_MODEL: "for-nothing",
      ...Object.fromEntries(
        PURPOSES.map((purpose) => [`LLM_MODEL_${purpose.toUpperCase()}`, `for-${purpose}`]),
      ),
      CONTEXT_TOKENS: "12000",
      INBOUND_MAX_PER_MINUTE: "0",
    },
  });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/task look at the gate");
  await t.telegram.nextSent(({ text }) => text.includes("From task."));

  const group = t.telegram.group(-55, "Garden");
  t.telegram.say(group, owner.user, "/settings triage on");
  await t.telegram.nextSent(({ text }) => text.startsWith("That holds from the next message on."));
  t.telegram.say(group, addPerson(t, 6666, "Eve").user, "The gate is broken");
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("issue, p2"));
  t.telegram.press(card, "Start", owner.user);
  await t.row("usage", ({ purpose }) => purpose === "triage");

  for (let at = 0; at < 6; at += 1) {
    const text = `Note ${at}: ${"the gate was oiled again. ".repeat(140)}`;
    const { body } = await t.api("POST", "/api/v1/chat", { text, wait_seconds: 30 });
    expect(body).toMatchObject({ outcome: "answered", reply: "From chat." });
  }
  await t.row("usage", ({ purpose }) => purpose === "summary");

  const counted = (await t.rows("usage")).map(({ purpose, model }) => `${purpose} ${model}`);
  expect([...new Set(counted)].toSorted()).toEqual(
    PURPOSES.map((purpose) => `${purpose} openai-compatible/for-${purpose}`).toSorted(),
  );
  const asked = new Set(provider.asked.map(({ body }) => body.model));
  expect([...asked].toSorted()).toEqual(PURPOSES.map((purpose) => `for-${purpose}`).toSorted());
});
