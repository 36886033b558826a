import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logInToPage } from "../support/log-in-to-page.ts";
import { asksOf, openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";

/** A token of an answer costs a millionth of a dollar; 1000 are put aside for each. */
const PRICES = {
  "openai/gpt-6-sol": { input: 0, output: 1 },
  "anthropic/claude-sonnet-5-5": { input: 0, output: 1 },
};
const USAGE = (output: number) => ({
  usage: {
    prompt_tokens: 100,
    completion_tokens: output,
    input_tokens: 100,
    output_tokens: output,
  },
});
const LIST = {
  toolCalls: [{ id: "call_list", name: "list_files", arguments: "{}" }],
  ...USAGE(400),
};
const ANSWER = { content: "That is all there is.", ...USAGE(300) };

let directory: string;
let provider: TestProvider;
let t: TestRuntime;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "agent-runtime-prices-"));
  writeFileSync(join(directory, "prices.json"), JSON.stringify(PRICES));
  provider = await openProvider();
});
afterEach(async () => {
  await t.close();
  await provider.close();
  rmSync(directory, { recursive: true });
});

async function open(
  env: Readonly<Record<string, string>>,
  format: keyof typeof asksOf = "openai",
): Promise<Person> {
  t = await openTestRuntime({
    telegram: true,
    env: {
      ...asksOf[format](provider),
      PRICES_FILE: join(directory, "prices.json"),
      LLM_MAX_OUTPUT_TOKENS: "1000",
      ...env,
    },
  });
  return await pairOwner(t);
}

const card = () => t.telegram.nextSent(({ text }) => text.includes("Spend $0.01 more?"));
const told = (text: string) => t.telegram.nextSent((sent) => sent.text.includes(text));
const scope = async (kind: string) =>
  (await t.rows("spend")).find(({ key }) => key.startsWith(`${kind}:`));

/** Every sum is that of its calls, and nothing is put aside for a call that is over. */
async function expectWholeLedger(): Promise<void> {
  const usage = await t.rows("usage");
  const spent = usage.reduce((sum, { cost_micro_usd: cost }) => sum + cost, 0);
  expect(usage.every(({ state }) => state === "settled")).toBe(true);
  expect(await scope("day")).toMatchObject({ spent_micro_usd: spent, reserved_micro_usd: 0 });
  const work = (await t.rows("spend")).filter(({ key }) => key.startsWith("work:"));
  expect(work.reduce((sum, { spent_micro_usd: of }) => sum + of, 0)).toBe(spent);
  const { body } = await t.api("GET", "/api/v1/spend");
  expect(body).toMatchObject({ spent_micro_usd: spent, reserved_micro_usd: 0 });
}

describe("at the cap of one answer", () => {
  const CAP = { SPEND_RUN_USD: "0.0012" };
  test.each<[string, keyof typeof asksOf, (owner: Person, id: string) => Promise<unknown>]>([
    ["a button on Telegram", "openai", async () => t.telegram.press(await card(), "Approve")],
    [
      "a command",
      "anthropic",
      async ({ chat, user }, id) => t.telegram.say(chat, user, `/approve-action ${id}`),
    ],
    [
      "HTTP",
      "openai",
      (_, id) => t.api("POST", `/api/v1/approvals/${id}/decision`, { approved: true }),
    ],
    [
      "the page",
      "anthropic",
      async (_, id) =>
        (await logInToPage(t))("POST", `/api/v1/approvals/${id}/decision`, { approved: true }),
    ],
    [
      "the terminal",
      "openai",
      (_, id) =>
        runCommand(["approvals", "approve", id], {
          cwd: t.directory,
          env: { AGENT_RUNTIME_DATA_DIR: t.dataDir },
        }),
    ],
  ])("work waits, over a restart, and goes on once %s allows more", async (_, format, approve) => {
    provider.answerRounds(LIST, ANSWER);
    const owner = await open(CAP, format);
    t.telegram.say(owner.chat, owner.user, "what is there?");
    await t.row("runs", ({ state }) => state === "parked");
    await t.restart();
    const [approval] = await t.rows("approvals");
    expect(approval?.line).toMatch(
      /^Spend \$0\.01 more\? This work may spend \$0\.0012 and \$0\.0004 of it is used\./,
    );
    expect(provider.asked).toHaveLength(1);
    await approve(owner, approval?.id ?? "");
    expect((await told(ANSWER.content)).text).toMatch(/^Done, approved by Owner/);
    await t.idle();
    expect(provider.asked).toHaveLength(2);
    expect(await t.rows("runs")).toMatchObject([{ state: "succeeded" }]);
    expect(await scope("work")).toMatchObject({ spent_micro_usd: 700, raised_micro_usd: 10_000 });
    await expectWholeLedger();
  });

  test("work ends when more is denied: no model is asked again, and people are told", async () => {
    provider.answerRounds(LIST, ANSWER);
    const owner = await open(CAP);
    t.telegram.say(owner.chat, owner.user, "/task look what is there");
    t.telegram.press(await card(), "Deny");
    await told("What it may spend is used up");
    await t.idle();
    expect(await t.rows("runs")).toMatchObject([{ state: "budget_exceeded" }]);
    expect(await t.rows("tasks")).toMatchObject([{ status: "failed" }]);
    expect(provider.asked).toHaveLength(1);
    await expectWholeLedger();
  });
});

describe("at the cap of a day", () => {
  test("one raise lets all go on for whom it suffices, and the other cards say that nobody need decide", async () => {
    provider.answerRounds(ANSWER);
    const owner = await open({ SPEND_DAILY_USD: "0.0005" });
    t.telegram.say(owner.chat, owner.user, "what is there?");
    const first = await card();
    t.telegram.say(owner.chat, owner.user, "/task look what is there");
    const second = await card();
    expect(first.text).toContain("All work together may spend $0.0005 on");
    expect(provider.asked).toEqual([]);
    t.telegram.press(first, "Approve");
    await Promise.all([told("Done, approved by Owner"), told("Done: look what is there")]);
    await t.until(() => (second.text.includes("Not needed any more") ? true : undefined));
    expect(second.buttons.flat()).toEqual([]);
    await t.idle();
    expect((await t.rows("approvals")).map(({ state }) => state)).toEqual([
      "approved",
      "withdrawn",
    ]);
    const { body } = await t.api("GET", "/api/v1/spend");
    expect(body.caps).toContainEqual(
      expect.objectContaining({ spent_micro_usd: 600, raised_micro_usd: 10_000 }),
    );
    await expectWholeLedger();
  });

  test("work ends before its first call when more is denied", async () => {
    const owner = await open({ SPEND_DAILY_USD: "0.0005" }, "anthropic");
    t.telegram.say(owner.chat, owner.user, "what is there?");
    t.telegram.press(await card(), "Deny");
    await told("What it may spend is used up");
    await t.idle();
    expect(await t.rows("runs")).toMatchObject([{ state: "budget_exceeded" }]);
    expect(provider.asked).toEqual([]);
  });
});

test("fifty requests at once never exceed a small cap, and each raise lets as many more be answered as it pays for", async () => {
  provider.answerRounds({ content: "Counted.", ...USAGE(1_000) });
  await open({
    SPEND_DAILY_USD: "0.0052",
    DEFAULT_CONCURRENCY: "50",
    INBOUND_MAX_PER_MINUTE: "0",
    LLM_RATE_LIMIT_PER_WINDOW: "0",
  });
  let dearest = 0;
  const watch = t.until(async () => {
    const day = await scope("day");
    const { spent_micro_usd: spent = 0, reserved_micro_usd: reserved = 0 } = day ?? {};
    dearest = Math.max(dearest, spent + reserved - (day?.raised_micro_usd ?? 0));
    return spent === 50_000 ? true : undefined;
  });
  const chat = (index: number) => ({
    text: `count ${index}`,
    message_id: `count-${index}`,
    external_id: `chat-${index}`,
    wait_seconds: 60,
  });
  const asked = await Promise.all(
    Array.from({ length: 50 }, (_, index) => t.api("POST", "/api/v1/chat", chat(index))),
  );
  expect(asked.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(asked.filter(({ body }) => body.waits_for?.length === 1)).toHaveLength(45);
  expect(provider.asked).toHaveLength(5);
  for (const answered of [15, 25, 35, 45, 50]) {
    const { id } = await t.row("approvals", ({ state }) => state === "pending");
    await t.api("POST", `/api/v1/approvals/${id}/decision`, { approved: true });
    await t.until(async () => {
      const over = (await t.rows("runs")).filter(({ state }) => state === "succeeded");
      return over.length === answered ? true : undefined;
    });
    expect(provider.asked).toHaveLength(answered);
  }
  await watch;
  expect(dearest).toBe(5_000);
  const approvals = await t.rows("approvals");
  expect(approvals.filter(({ state }) => state === "approved")).toHaveLength(5);
  expect(approvals.filter(({ state }) => state === "withdrawn")).toHaveLength(40);
  await t.idle();
  await expectWholeLedger();
});
