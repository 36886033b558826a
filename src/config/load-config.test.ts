import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type ConfigInput, loadConfig } from "./load-config.ts";

type Input = Required<ConfigInput>;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function load(env: Input["env"] = {}, flags: Input["flags"] = {}): Config {
  return loadConfig({ env, cwd, flags });
}

function problemsOf(env: Input["env"], flags: Input["flags"] = {}): readonly string[] {
  try {
    load(env, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("where a value comes from", () => {
  const name = "AGENT_RUNTIME_DEFAULT_CONCURRENCY";

  it("prefers the environment to .env and .env to the default", () => {
    writeFileSync(join(cwd, ".env"), `${name}=7\n`);
    expect(load({ [name]: "8" }).work.defaultConcurrency).toBe(8);
    expect(load().work.defaultConcurrency).toBe(7);
    expect(load().sources[name]).toBe(".env");
  });

  it("takes empty and blank for unset", () => {
    writeFileSync(join(cwd, ".env"), `${name}=7\nAGENT_RUNTIME_LOG_LEVEL=\n`);
    const config = load({ [name]: "  " });
    expect(config.work.defaultConcurrency).toBe(7);
    expect(config.log.level).toBe("info");
    expect(config.sources["AGENT_RUNTIME_LOG_LEVEL"]).toBe("default");
  });

  it("puts --host and --port over their halves of the address", () => {
    const env = { AGENT_RUNTIME_HTTP_ADDR: "localhost:9000" };
    expect(load(env, { port: "0" }).http.address).toEqual({ host: "localhost", port: 0 });
    expect(load(env, { host: "::1" }).http.address).toEqual({ host: "::1", port: 9000 });
    expect(load({ AGENT_RUNTIME_HTTP_ADDR: "[::1]:9" }, { port: "1" }).admin.apiUrl).toBe(
      "http://[::1]:1",
    );
    expect(
      load({ AGENT_RUNTIME_HTTP_ADDR: "bad one" }, { host: "a", port: "1" }).http.address.host,
    ).toBe("a");
  });

  it("reads ~ as the home directory", () => {
    expect(load({ AGENT_RUNTIME_DATA_DIR: "~/x" }).storage.dataDir).toBe(join(homedir(), "x"));
  });
});

describe("bad values", () => {
  it("are told all at once, each with what to write", () => {
    writeFileSync(join(cwd, ".env"), "what is this\nAGENT_RUNTIME_LOG_LEVEL=loud\n");
    expect(
      problemsOf({
        AGENT_RUNTIME_DEFAULT_CONCURRENCY: "0",
        AGENT_RUNTIME_ALLOW_REMOTE: "perhaps",
        AGENT_RUNTIME_TELEGRAM_POLL_SECONDS: "1e1",
        AGENT_RUNTIME_TELEGRAM_API_BASE: "api.telegram.org",
        AGENT_RUNTIME_ALLOWED_HOSTS: "https://a.example",
      }),
    ).toEqual([
      "Line 1 of .env is not NAME=value. Mend it, or put a # before it.",
      'AGENT_RUNTIME_DEFAULT_CONCURRENCY is "0". Write a whole number from 1 to 100.',
      'AGENT_RUNTIME_ALLOW_REMOTE is "perhaps". Write true or false.',
      'AGENT_RUNTIME_ALLOWED_HOSTS is "https://a.example". Write host names separated by commas, without http:// and without a port.',
      'AGENT_RUNTIME_TELEGRAM_API_BASE is "api.telegram.org". Write an http:// or https:// address without user name, query or fragment.',
      'AGENT_RUNTIME_TELEGRAM_POLL_SECONDS is "1e1". Write a whole number from 1 to 50.',
      'AGENT_RUNTIME_LOG_LEVEL (in .env) is "loud". Write debug, info, warn or error.',
    ]);
  });

  it("are told once, not again for what is made from them", () => {
    expect(problemsOf({ AGENT_RUNTIME_HTTP_ADDR: "localhost" })).toHaveLength(1);
    expect(problemsOf({ AGENT_RUNTIME_HTTP_ADDR: "localhost" }, { port: "1" })).toEqual([
      expect.stringContaining('AGENT_RUNTIME_HTTP_ADDR is "localhost".'),
    ]);
    expect(problemsOf({}, { port: "70000" })).toEqual([
      expect.stringMatching(
        /^The address of --host and --port is "127\.0\.0\.1:70000"\. Write an address/,
      ),
    ]);
  });

  it("never show a secret", () => {
    writeFileSync(join(cwd, ".env"), 'canary1 without a name\nX="canary2\n');
    const problems = problemsOf({
      AGENT_RUNTIME_ADMIN_TOKEN: "canary3 with spaces",
      AGENT_RUNTIME_TELEGRAM_API_BASE: "https://me:canary4@proxy.example",
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain("canary");
  });

  it.each([
    "http://h/x?k=canary",
    "http://h/x#canary",
    "h/x?k=canary",
    "http://canary@h",
    "http://h/ x?canary",
  ])("do not show %s, wherever it was written", (value) => {
    const problems = problemsOf({
      AGENT_RUNTIME_CODEX_PUBLISH_URL: value,
      AGENT_RUNTIME_TELEGRAM_API_BASE: value,
      AGENT_RUNTIME_ADMIN_API_URL: value,
      AGENT_RUNTIME_LOG_LEVEL: value.includes("://") ? value : "loud",
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain("canary");
  });

  it.each([
    "http:///x",
    "http://h/ x",
    "http:h",
    "http:\\\\h\\x",
    "http://h/x?",
    "http://h/\tx",
    "http://",
  ])("refuse the address %j, of which something else would be made", (value) => {
    expect(problemsOf({ AGENT_RUNTIME_CODEX_PUBLISH_URL: value })).toEqual([
      expect.stringContaining("AGENT_RUNTIME_CODEX_PUBLISH_URL"),
    ]);
  });

  it("include a .env that cannot be read", () => {
    mkdirSync(join(cwd, ".env"));
    expect(problemsOf({})).toEqual([expect.stringContaining("cannot be read (EISDIR)")]);
  });
});

describe("warnings", () => {
  it("name the nearest setting for an unknown name, from the environment and from .env", () => {
    writeFileSync(join(cwd, ".env"), "AGENT_RUNTIME_LOGLEVEL=debug\nOTHER=1\n");
    const env = {
      AGENT_RUNTIME_TELEGRAM_TOKN: "x",
      AGENT_RUNTIME_TEST_URL: "y",
      AGENT_RUNTIME_ZZZ: "z",
    };
    expect(load(env).warnings).toEqual([
      "AGENT_RUNTIME_LOGLEVEL is not a setting and has no effect. Did you mean AGENT_RUNTIME_LOG_LEVEL?",
      "AGENT_RUNTIME_TELEGRAM_TOKN is not a setting and has no effect. Did you mean AGENT_RUNTIME_TELEGRAM_TOKEN?",
      "AGENT_RUNTIME_ZZZ is not a setting and has no effect. docs/configuration.md lists all settings.",
    ]);
  });

  it("about unknown names stand with the bad values, for one may be why the other is there", () => {
    const env = { AGENT_RUNTIME_LOG_LEVEL: "loud", AGENT_RUNTIME_LOGLEVEL: "debug" };
    expect(() => load(env)).toThrow(
      [
        "The configuration cannot be used:",
        '  - AGENT_RUNTIME_LOG_LEVEL is "loud". Write debug, info, warn or error.',
        "warning: AGENT_RUNTIME_LOGLEVEL is not a setting and has no effect. Did you mean AGENT_RUNTIME_LOG_LEVEL?",
      ].join("\n"),
    );
  });

  it("tell of a short admin token without showing it", () => {
    const { warnings, unknownNames, http } = load({ AGENT_RUNTIME_ADMIN_TOKEN: "canary" });
    expect(http.adminToken).toBe("canary");
    expect(warnings).toEqual([expect.stringContaining("AGENT_RUNTIME_ADMIN_TOKEN is short")]);
    expect(warnings.join()).not.toContain("canary");
    expect(unknownNames).toEqual([]);
  });
});

it("lets files name variables of the environment, but none of ours", () => {
  const { findVariable } = load({ OTHERS_KEY: "theirs", AGENT_RUNTIME_LLM_API_KEY: "ours-secret" });
  expect(findVariable("OTHERS_KEY")).toBe("theirs");
  expect(findVariable("AGENT_RUNTIME_LLM_API_KEY")).toBeUndefined();
  expect(findVariable("NOWHERE")).toBeUndefined();
});
