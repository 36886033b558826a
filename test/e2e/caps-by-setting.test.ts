import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asksOf, openProvider, type TestProvider } from "../support/open-provider.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";

/** A token of an answer costs a millionth of a dollar; 1000 are put aside for each. */
const PRICES = { "openai/gpt-6-sol": { input: 0, output: 1 } };
const LIST = {
  toolCalls: [{ id: "call_list", name: "list_files", arguments: "{}" }],
  usage: { prompt_tokens: 100, completion_tokens: 400 },
};
/** Enough for one call, and not for two. */
const CAP = "0.0012";

let directory: string;
let provider: TestProvider;
let t: TestRuntime;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "agent-runtime-prices-"));
  writeFileSync(join(directory, "prices.json"), JSON.stringify(PRICES));
  provider = await openProvider();
  provider.mock.on({ predicate: () => true }, LIST);
});
afterEach(async () => {
  await t.close();
  await provider.close();
  rmSync(directory, { recursive: true });
});

test.each([
  ["SPEND_DAILY_USD", "the owner", /^day:/u],
  ["SPEND_RUN_USD", "the owner", /^work:run_/u],
  ["SPEND_USER_USD", "the owner", /^user:usr_/u],
  ["SPEND_WORKSPACE_USD", "the owner", /^workspace:ws_/u],
  ["SPEND_KEY_USD", "a key", /^key:key_/u],
  ["SPEND_USER_USD", "a key", /^key:key_/u],
])("%s holds the work of %s before its second call, and asks", async (setting, who, scope) => {
  t = await openTestRuntime({
    env: {
      ...asksOf.openai(provider),
      PRICES_FILE: join(directory, "prices.json"),
      LLM_MAX_OUTPUT_TOKENS: "1000",
      [setting]: CAP,
    },
  });
  const key = await t.api("POST", "/api/v1/keys", { name: "ci", role: "member" });
  const as = who === "a key" ? { authorization: `Bearer ${key.body.key}` } : {};
  await t.api("POST", "/api/v1/chat", { text: "look around" }, as);
  await t.row("runs", ({ state }) => state === "parked");
  expect(provider.asked).toHaveLength(1);
  const approvals = await t.rows("approvals");
  expect(approvals).toMatchObject([{ tool: "raise_spend", state: "pending" }]);
  const asked = JSON.parse(approvals[0]?.arguments ?? "{}") as { scope: string };
  expect(asked.scope).toMatch(scope);
});
