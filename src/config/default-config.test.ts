import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OFFLINE_PLAN } from "../core/model/model-plan.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type ConfigInput, loadConfig } from "./load-config.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function load(env: Required<ConfigInput>["env"] = {}): Config {
  return loadConfig({ env, cwd, flags: {} });
}

function problemsOf(env: Required<ConfigInput>["env"]): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("defaults", () => {
  it("are those of the table, with paths under the working directory", () => {
    const { sources: _sources, modelPlan, findVariable: _findVariable, ...config } = load();
    expect(modelPlan).toEqual(OFFLINE_PLAN);
    expect(config).toEqual({
      envFile: join(cwd, ".env"),
      storage: {
        dataDir: join(cwd, "data"),
        dbPath: join(cwd, "data/agent-runtime/meta.sqlite"),
        workspaceRoot: join(cwd, "data/workspaces"),
      },
      work: { defaultConcurrency: 5 },
      http: {
        address: { host: "127.0.0.1", port: 8080 },
        allowRemote: false,
        allowedHosts: [],
        adminToken: undefined,
      },
      telegram: {
        token: undefined,
        apiBase: "https://api.telegram.org",
        pollSeconds: 25,
        maxPerSecond: 30,
        maxPerChatPerSecond: 1,
      },
      agents: {
        publishUrl: undefined,
        publishBearerToken: undefined,
        publishTimeoutSeconds: 8,
      },
      gateway: { inboundMaxPerMinute: 30, inboundFilesMaxPerDay: 100, commandSyncEnabled: true },
      triage: { enabled: true, notifyAdmin: true },
      models: {
        provider: undefined,
        apiKey: undefined,
        model: undefined,
        baseUrl: undefined,
        timeoutSeconds: 60,
        maxOutputTokens: 8_192,
        fallbacks: [],
        modelChat: undefined,
        modelTask: undefined,
        modelTriage: undefined,
        modelSummary: undefined,
      },
      approvals: { preset: "sensitive-only", hours: { default: 24 }, twoPerson: [] },
      prompts: {
        contextTokens: 16_000,
        systemPromptFile: join(cwd, "data/context/SYSTEM_PROMPT.md"),
        soulFile: join(cwd, "data/context/SOUL.md"),
        reasoningFile: join(cwd, "data/context/REASONING.md"),
        skillsRoot: join(cwd, "data/skills"),
        adminPrompt: expect.stringContaining("admins"),
        publicPrompt: expect.stringContaining("people"),
      },
      limits: {
        tokensPerRun: 100_000,
        toolCallsPerRun: 60,
        turnSteps: 20,
        turnSeconds: 120,
        taskSteps: 50,
        taskSeconds: 1_200,
      },
      spend: {
        userMicroUsd: undefined,
        keyMicroUsd: undefined,
        workspaceMicroUsd: undefined,
        dailyMicroUsd: 5_000_000,
        runMicroUsd: 1_000_000,
        pricesFile: undefined,
      },
      extensions: {
        mcpConfig: join(cwd, "data/ext/mcp/servers.json"),
        pluginsDir: join(cwd, "data/ext/plugins"),
        actionsFile: join(cwd, "data/ext/actions.json"),
      },
      llm: {
        enabled: true,
        allowDm: true,
        requireMentionInGroups: true,
        allowedRoles: [],
        allowedContextIds: [],
        rateLimitPerWindow: 8,
        rateLimitWindowSeconds: 60,
      },
      tools: {
        allowedHosts: [],
        searxngUrl: undefined,
        braveApiKey: undefined,
        braveApiBase: "https://api.search.brave.com",
        undoSeconds: 0,
      },
      mail: {
        host: undefined,
        port: 587,
        security: "starttls",
        username: undefined,
        password: undefined,
        from: undefined,
        timeoutSeconds: 60,
      },
      sandbox: {
        enabled: true,
        allowedCommands: expect.not.arrayContaining([
          "sh",
          "bash",
          "python3",
          "node",
          "awk",
          "find",
        ]),
        timeoutSeconds: 20,
        maxOutputBytes: 512_000,
        maxMemoryMb: 4_096,
        maxProcesses: 64,
        maxFileMb: 100,
        scratchMb: 1024,
      },
      admin: { apiUrl: "http://127.0.0.1:8080", httpTimeoutSeconds: 120 },
      guardrails: { input: "disabled", output: "disabled", values: ["secrets", "cards", "ibans"] },
      log: { level: "info" },
      unknownNames: [],
      warnings: [],
    });
  });

  it("follow the values they are made from", () => {
    const config = load({
      AGENT_RUNTIME_DATA_DIR: "/srv/$&",
      AGENT_RUNTIME_HTTP_ADDR: "0.0.0.0:9",
    });
    expect(config.storage.dbPath).toBe("/srv/$&/agent-runtime/meta.sqlite");
    expect(config.admin.apiUrl).toBe("http://127.0.0.1:9");
  });

  it("take roles and conversations as lists, and nothing that is neither", () => {
    const { llm } = load({
      AGENT_RUNTIME_LLM_ALLOWED_ROLES: " Admin, member ,",
      AGENT_RUNTIME_LLM_ALLOWED_CONTEXT_IDS: "ctx_1,ctx_2",
    });
    expect(llm.allowedRoles).toEqual(["admin", "member"]);
    expect(llm.allowedContextIds).toEqual(["ctx_1", "ctx_2"]);
    const problems = problemsOf({
      AGENT_RUNTIME_LLM_ALLOWED_ROLES: "admin,boss",
      AGENT_RUNTIME_LLM_ALLOWED_CONTEXT_IDS: "-100123",
    });
    expect(problems).toHaveLength(2);
    expect(problems.join()).toContain("overlord, admin, operator, member, viewer");
    expect(problems.join()).toContain("ctx_");
  });

  it("cannot be changed afterwards", () => {
    const config = load();
    expect(Object.isFrozen(config.http.address)).toBe(true);
    expect(() => Object.assign(config.work, { defaultConcurrency: 9 })).toThrow(TypeError);
  });
});
