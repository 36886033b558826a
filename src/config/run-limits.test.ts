import { expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load-config.ts";
import { runLimitsOf } from "./run-limits.ts";

const load = (env: Record<string, string>) =>
  loadConfig({
    env: Object.fromEntries(
      Object.entries(env).map(([name, value]) => [`AGENT_RUNTIME_${name}`, value]),
    ),
    cwd: "/nowhere",
    flags: {},
  });

test("an answer and a task have limits of their own, and share those of tokens and tools", () => {
  const shared = { toolCalls: 60, tokens: 100_000 };
  expect(runLimitsOf(load({}), "turn")).toEqual({ ...shared, steps: 20, seconds: 120 });
  expect(runLimitsOf(load({}), "task")).toEqual({ ...shared, steps: 50, seconds: 1_200 });
  const config = load({
    MAX_TOKENS_PER_RUN: "2000",
    MAX_TOOL_CALLS_PER_RUN: "5",
    AGENT_MAX_LOOP_STEPS: "3",
    AGENT_AUTONOMOUS_MAX_TURN_DURATION_SECONDS: "60",
  });
  expect(runLimitsOf(config, "turn")).toEqual({
    steps: 3,
    seconds: 120,
    toolCalls: 5,
    tokens: 2_000,
  });
  expect(runLimitsOf(config, "task")).toMatchObject({ steps: 50, seconds: 60 });
});

test.each([
  ["MAX_TOKENS_PER_RUN", "999"],
  ["MAX_TOKENS_PER_RUN", "-1"],
  ["MAX_TOOL_CALLS_PER_RUN", "0"],
  ["MAX_TOOL_CALLS_PER_RUN", "1001"],
  ["MAX_TOOL_CALLS_PER_RUN", "1.5"],
  ["AGENT_MAX_LOOP_STEPS", "0"],
  ["AGENT_AUTONOMOUS_MAX_LOOP_STEPS", "501"],
  ["AGENT_MAX_TURN_DURATION_SECONDS", "86401"],
  ["AGENT_AUTONOMOUS_MAX_TURN_DURATION_SECONDS", "soon"],
  ["SPEND_USER_USD", "-1"],
  ["SPEND_KEY_USD", "1e3"],
  ["SPEND_WORKSPACE_USD", "0.1234567"],
])("%s=%s stops the start", (name, value) => {
  expect(() => load({ [name]: value })).toThrow(ConfigError);
});
