import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asksOf, openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

const usage = (read: number, written: number) => ({
  usage: {
    prompt_tokens: read,
    completion_tokens: written,
    input_tokens: read,
    output_tokens: written,
  },
});
const list = {
  toolCalls: [{ id: "call_1", name: "list_files", arguments: "{}" }],
  ...usage(100, 20),
};
const TOOK = "(\\d+ ms|\\d+(\\.\\d)? s)";

const PRICE = { input: 1, output: 2 };
const PRICES = { "openai/gpt-6-sol": PRICE, "anthropic/claude-sonnet-5-5": PRICE };

let provider: TestProvider;
let t: TestRuntime;
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "agent-runtime-prices-"));
  provider = await openProvider();
});
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await t.close();
  await provider.close();
});

test.each(["openai", "anthropic"] as const)(
  "what every step of %s took, read, wrote and cost is told, and is the sum of its run",
  async (vendor) => {
    provider.answerRounds(list, { content: "Nothing is there.", ...usage(200, 30) });
    const prices = join(directory, "prices.json");
    writeFileSync(prices, JSON.stringify(PRICES));
    const env = { ...asksOf[vendor](provider), PRICES_FILE: prices };
    t = await openTestRuntime({ telegram: true, env });
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, "look around");
    await t.telegram.nextSent(({ text }) => text.includes("Nothing is there."));
    await t.idle();

    const { body: numbers } = await t.api("GET", "/metrics");
    const counted = (kind: string, name: string, count: number) =>
      expect(numbers).toMatch(
        new RegExp(
          `call_seconds_count\\{kind="${kind}",name="${name}",outcome="finished"\\} ${count}`,
        ),
      );
    counted("model", `${vendor}/.+`, 2);
    counted("tool", "list_files", 1);

    const message = await t.row("messages", ({ text }) => text === "look around");
    const { body } = await t.api("GET", `/api/v1/messages/${message.id}/explain`);
    const { steps, ...run } = body.run;
    expect(steps).toMatchObject([
      { kind: "model", input_tokens: 100, output_tokens: 20, cost_micro_usd: 140 },
      { kind: "tool", name: "list_files", input_tokens: 0, output_tokens: 0, cost_micro_usd: 0 },
      { kind: "model", input_tokens: 200, output_tokens: 30, cost_micro_usd: 260 },
    ]);
    expect(run).toMatchObject({ input_tokens: 300, output_tokens: 50, cost_micro_usd: 400 });
    const ofSteps = steps.map(({ duration_ms: ms }: { duration_ms: number }) => ms);
    for (const ms of ofSteps) expect(ms).toBeGreaterThanOrEqual(0);
    expect(run.duration_ms).toBeGreaterThanOrEqual(Math.max(...ofSteps));

    const told = [
      `Step 1: model \\S+, finished, ${TOOK}, 100 tokens read, 20 written, \\$0\\.00014`,
      `Step 2: tool list_files, finished, ${TOOK}`,
      `Step 3: model \\S+, finished, ${TOOK}, 200 tokens read, 30 written, \\$0\\.00026`,
    ];
    t.telegram.say(owner.chat, owner.user, `/explain ${message.id}`);
    const shown = await t.telegram.nextSent(({ text }) => text.includes("Step 3"));
    for (const line of told) {
      expect(body.lines.join("\n")).toMatch(new RegExp(`^  ${line}\\.$`, "m"));
      expect(shown.text).toMatch(new RegExp(line));
    }
    expect(shown.text).toMatch(new RegExp(`${TOOK}, 300 tokens read, 50 written, \\$0\\.0004`));
  },
);

test("what a provider said of a call that failed is told in private, and kept from a group", async () => {
  const refusal = { error: { message: "no such parameter: colour" }, status: 400 };
  provider.mock.on({ predicate: () => true }, refusal);
  t = await openTestRuntime({ telegram: true, env: asksOf.openai(provider) });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "look around");
  await t.telegram.nextSent(({ text }) => text.includes("does not take this request (400)"));
  t.telegram.say(owner.chat, owner.user, "/explain");
  const inPrivate = await t.telegram.nextSent(({ text }) => text.includes("Step 1"));
  expect(inPrivate.text).toContain("no such parameter: colour");
  const failed = `call_seconds_count{kind="model",name="openai/gpt-6-sol",outcome="failed"} 1`;
  expect((await t.api("GET", "/metrics")).body).toContain(failed);
  const { cause } = await t.row("messages", ({ text }) => text === "look around");
  expect(t.logLines.filter((line) => line.includes(`"cause":"${cause}"`)).join()).toContain(
    '"kind":"run-turn"',
  );

  const group = t.telegram.group(-55, "Support");
  t.telegram.say(group, owner.user, "@runtime_bot look around");
  await t.telegram.nextSent(({ chatId, text }) => chatId === -55 && text.includes("(400)"));
  t.telegram.say(group, owner.user, "/explain@runtime_bot");
  const inGroup = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.includes("Step 1"),
  );
  expect(inGroup.text).not.toContain("colour");
});
