import { describe, expect, test } from "vitest";
import { OFFLINE_PLAN } from "../core/model/model-plan.ts";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load-config.ts";

type Env = Readonly<Record<string, string>>;
const P = "AGENT_RUNTIME_LLM_";

/** Nothing is read from a file: the folder has no `.env`. */
const load = (env: Env) => loadConfig({ env, cwd: "/nonexistent" });
const planOf = (env: Env) => load(env).modelPlan;

function problemsOf(env: Env): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join("\n");
    throw error;
  }
  return "";
}

describe("who is asked", () => {
  test("is nobody without any setting, also when another program's key lies about", () => {
    const config = load({ OPENAI_API_KEY: "sk-theirs" });
    expect(config.modelPlan).toEqual(OFFLINE_PLAN);
    expect(config.warnings.join()).toMatch(
      /OPENAI_API_KEY is set and not used.*LLM_PROVIDER=openai/,
    );
    expect(JSON.stringify(config)).not.toContain("sk-theirs");
  });

  test("is OpenAI when only our key is set", () => {
    const plan = planOf({ [`${P}API_KEY`]: "sk-ours", OPENAI_API_KEY: "sk-theirs" });
    expect(plan.models.chat[0].provider).toBe("openai");
    expect(plan.endpoints).toEqual({
      openai: { baseUrl: "https://api.openai.com/v1", apiKey: "sk-ours" },
    });
  });

  test("is the vendor that is named, with its usual key", () => {
    const config = load({ [`${P}PROVIDER`]: "Anthropic", ANTHROPIC_API_KEY: "sk-ant" });
    expect(config.modelPlan.endpoints).toEqual({
      anthropic: { baseUrl: "https://api.anthropic.com/v1", apiKey: "sk-ant" },
    });
    expect(config.warnings).toEqual([]);
  });

  test("is a server on this machine without a key", () => {
    const plan = planOf({
      [`${P}PROVIDER`]: "openai-compatible",
      [`${P}BASE_URL`]: "http://127.0.0.1:11434/v1",
      [`${P}MODEL`]: "llama-4",
    });
    expect(plan.endpoints).toEqual({
      "openai-compatible": { baseUrl: "http://127.0.0.1:11434/v1", apiKey: undefined },
    });
  });

  test("has fallbacks and a model for each purpose, of other vendors too", () => {
    const plan = planOf({
      [`${P}PROVIDER`]: "openai",
      [`${P}API_KEY`]: "sk-ours",
      [`${P}MODEL`]: "gpt-6-sol",
      [`${P}MODEL_TASK`]: "gpt-6-luna",
      [`${P}MODEL_SUMMARY`]: "google/gemini-3.7-flash",
      [`${P}FALLBACKS`]: "openai/gpt-6-sol, anthropic/claude-sonnet-5-5",
      ANTHROPIC_API_KEY: "sk-ant",
      GEMINI_API_KEY: "AIza",
    });
    const fallback = { provider: "anthropic", model: "claude-sonnet-5-5" };
    expect(plan.models).toEqual({
      chat: [{ provider: "openai", model: "gpt-6-sol" }, fallback],
      task: [
        { provider: "openai", model: "gpt-6-luna" },
        { provider: "openai", model: "gpt-6-sol" },
        fallback,
      ],
      triage: [{ provider: "openai", model: "gpt-6-sol" }, fallback],
      summary: [
        { provider: "google", model: "gemini-3.7-flash" },
        { provider: "openai", model: "gpt-6-sol" },
        fallback,
      ],
    });
    expect(Object.entries(plan.endpoints).map(([name, { apiKey }]) => [name, apiKey])).toEqual([
      ["openai", "sk-ours"],
      ["anthropic", "sk-ant"],
      ["google", "AIza"],
    ]);
  });
});

describe("a key", () => {
  test.each([
    ["https://api.openai.com/v1"],
    ["https://API.OpenAI.com./v1"],
    ["http://api.openai.com:8443"],
    ["https://eu.api.openai.com/v1"],
  ])("of one vendor is never sent to another at %s", (address) => {
    const env = {
      [`${P}PROVIDER`]: "anthropic",
      [`${P}API_KEY`]: "sk-ant",
      [`${P}BASE_URL`]: address,
    };
    expect(problemsOf(env)).toMatch(/is openai's address, but .*LLM_PROVIDER is anthropic/);
  });

  test.each([
    ["https://generativelanguage.googleapis.com/v1beta", /google's address/],
    ["https://europe-west1-aiplatform.googleapis.com/v1", /google's address/],
    ["https://aiplatform.googleapis.com/v1", /google's address/],
    ["https://api.anthropic.com/v1", /anthropic's address/],
  ])("of OpenAI is not sent to %s", (address, problem) => {
    expect(problemsOf({ [`${P}API_KEY`]: "sk-ours", [`${P}BASE_URL`]: address })).toMatch(problem);
  });

  test.each(["https://notopenai.com/v1", "https://api.openai.com.proxy.example/v1"])(
    "is for whoever is at %s, which is no vendor's",
    (address) => {
      const env = { [`${P}PROVIDER`]: "anthropic", [`${P}API_KEY`]: "sk-ant" };
      expect(problemsOf({ ...env, [`${P}BASE_URL`]: address })).toBe("");
    },
  );

  test("that other programs use is only sent to its vendor's own address", () => {
    const env = {
      [`${P}PROVIDER`]: "openai",
      [`${P}BASE_URL`]: "https://proxy.example/v1",
      OPENAI_API_KEY: "sk-theirs",
    };
    expect(problemsOf(env)).toMatch(/needs a key. Set AGENT_RUNTIME_LLM_API_KEY/);
    const here = { ...env, [`${P}BASE_URL`]: "http://localhost:4000/v1" };
    expect(planOf(here).endpoints.openai).toEqual({
      baseUrl: here[`${P}BASE_URL`],
      apiKey: undefined,
    });
  });

  test("that would go over the network in the clear is warned of", () => {
    const env = { [`${P}API_KEY`]: "sk-ours", [`${P}BASE_URL`]: "http://models.lan/v1" };
    expect(load(env).warnings).toEqual([
      "The model's key is sent to http://models.lan/v1 unencrypted. Use https://.",
    ]);
  });
});

describe("what does not fit together", () => {
  test.each([
    [{ [`${P}PROVIDER`]: "openai" }, /needs a key/],
    [{ [`${P}PROVIDER`]: "gpt" }, /Write one of offline, openai/],
    [
      { [`${P}PROVIDER`]: "openai-compatible", [`${P}MODEL`]: "m" },
      /Set AGENT_RUNTIME_LLM_BASE_URL/,
    ],
    [
      { [`${P}PROVIDER`]: "openai-compatible", [`${P}BASE_URL`]: "http://localhost:1" },
      /Set AGENT_RUNTIME_LLM_MODEL/,
    ],
    [{ [`${P}BASE_URL`]: "http://localhost:1" }, /LLM_BASE_URL is set, but not who is asked/],
    [{ [`${P}MODEL`]: "m" }, /LLM_MODEL is set, but not who is asked/],
    [{ [`${P}MODEL_CHAT`]: "openai/m" }, /LLM_MODEL_CHAT is set, but not who is asked/],
    [{ [`${P}MODEL_TASK`]: "openai/m" }, /LLM_MODEL_TASK is set, but not who is asked/],
    [{ [`${P}MODEL_TRIAGE`]: "openai/m" }, /LLM_MODEL_TRIAGE is set, but not who is asked/],
    [{ [`${P}MODEL_SUMMARY`]: "openai/m" }, /LLM_MODEL_SUMMARY is set, but not who is asked/],
    [{ [`${P}API_KEY`]: "k", [`${P}FALLBACKS`]: "claude" }, /each with its provider/],
    [
      { [`${P}API_KEY`]: "k", [`${P}FALLBACKS`]: "anthropic/claude-sonnet-5-5" },
      /Set ANTHROPIC_API_KEY/,
    ],
    [{ [`${P}API_KEY`]: "k", [`${P}FALLBACKS`]: "openai-compatible/x" }, /can only be set for/],
  ] satisfies [Env, RegExp][])("%j says what to do", (env, problem) => {
    expect(problemsOf(env)).toMatch(problem);
  });
});
