import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-test-runtime.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("the start says of a model without a listed price how it is counted, and nothing of those that have one", async () => {
  t = await openTestRuntime({
    env: {
      LLM_PROVIDER: "openai",
      LLM_API_KEY: "sk-nobody-is-asked",
      LLM_MODEL: "gpt-of-tomorrow",
      LLM_FALLBACKS: "openai/gpt-6-sol",
    },
  });
  const said = t.logLines.filter((line) => line.includes("no price is known"));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(
    "no price is known of openai/gpt-of-tomorrow: it is counted at its provider's dearest",
  );
});
