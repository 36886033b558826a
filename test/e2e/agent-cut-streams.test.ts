import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { logInToPage } from "../support/log-in-to-page.ts";
import { openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { readEvents } from "../support/read-events.ts";
import { runCommand } from "../support/run-command.ts";

const HALF = "half an answer that its provider never gets to the end of ".repeat(20);
const WHOLE = "The whole answer, from the other.";
const SLOWLY_CUT = { truncateAfterChunks: 4, streamingProfile: { ttft: 0, tps: 10 } };
const USAGE = {
  usage: { prompt_tokens: 100, completion_tokens: 20, input_tokens: 100, output_tokens: 20 },
};
const LIST = { toolCalls: [{ id: "call_1", name: "list_files", arguments: "{}" }], ...USAGE };

let provider: TestProvider;
let t: TestRuntime;
beforeEach(async () => {
  provider = await openProvider();
});
afterEach(async () => {
  await t.close();
  await provider.close();
});

describe.each([
  ["openai", "gpt-6-sol", "gpt-6-luna"],
  ["anthropic", "claude-sonnet-5-5", "claude-haiku-5"],
] as const)("a stream of %s that is cut after tools were called", (vendor, first, second) => {
  async function open(telegram?: true): Promise<void> {
    provider.mock.on({ model: first, hasToolResult: false }, LIST);
    provider.mock.on({ model: first }, { content: HALF }, SLOWLY_CUT);
    provider.mock.on({ model: second }, { content: WHOLE, ...USAGE });
    t = await openTestRuntime({
      ...(telegram === undefined ? {} : { telegram }),
      env: {
        LLM_PROVIDER: vendor,
        LLM_MODEL: first,
        LLM_BASE_URL: provider.url,
        LLM_FALLBACKS: `${vendor}/${second}`,
      },
    });
  }

  /** The tool was called once, and no round before the cut is asked for again. */
  async function expectOnce(): Promise<void> {
    await t.idle();
    expect(provider.asked.map(({ body }) => body.model)).toEqual([first, first, second]);
    const steps = await t.rows("run_steps");
    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "model finished",
      "tool finished",
      "model failed",
      "model finished",
    ]);
    expect(JSON.stringify(await t.rows("deliveries"))).not.toContain("half an answer");
  }

  test("leaves the whole answer and nothing of the half one on Telegram", async () => {
    await open(true);
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, "tell me");
    await t.telegram.nextSent(({ text }) => text === WHOLE);
    await expectOnce();
    expect(t.telegram.sent.filter(({ text }) => text.includes("half an answer"))).toEqual([]);
  });

  test("leaves them on the page, where what grew is replaced", async () => {
    await open();
    const page = await logInToPage(t);
    const events = await readEvents(t);
    const message = { text: "tell me", message_id: "page-1" };
    await page("POST", "/api/v1/conversation/messages", message);
    await expectOnce();
    await events.close();
    const drafts = events.all.filter(({ name }) => name === "draft").map(({ text }) => text);
    for (const one of drafts) expect(WHOLE.startsWith(one) || HALF.startsWith(one)).toBe(true);
    const { body } = await page("GET", "/api/v1/conversation");
    expect(JSON.stringify(body)).toContain(WHOLE);
    expect(JSON.stringify(body)).not.toContain("half an answer");
  });

  test("leaves them over HTTP", async () => {
    await open();
    const { body } = await t.api("POST", "/api/v1/chat", { text: "tell me", wait_seconds: 30 });
    expect(body).toMatchObject({ outcome: "answered", reply: WHOLE });
    await expectOnce();
  });

  test("leaves them in the terminal", async () => {
    await open();
    const said = await runCommand(["chat", "tell", "me"], {
      cwd: t.directory,
      env: { AGENT_RUNTIME_DATA_DIR: t.dataDir },
    });
    expect(said).toMatchObject({ exitCode: 0, stdout: `${WHOLE}\n` });
    await expectOnce();
  });
});
