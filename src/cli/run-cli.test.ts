import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findFreePort } from "../../test/support/find-free-port.ts";
import { runCommand } from "../../test/support/run-command.ts";

const CANARY = "7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";

const NO_SUCH_SETTING =
  "AGENT_RUNTIME_FOO is not a setting and has no effect. docs/configuration.md lists all settings.";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-cli-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  return runCommand(args, { cwd, env });
}

describe("usage", () => {
  test("--help names every command", async () => {
    const { stdout, exitCode } = await run(["--help"]);
    expect(exitCode).toBe(0);
    for (const name of "serve chat tasks explain pairing login doctor config audit version".split(
      " ",
    )) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    }
  });

  test.each([
    [["sevre"], "(Did you mean serve?)"],
    [["tasks", "list", "--limit", "0"], "Give a whole number from 1 to 500."],
    [["tasks", "list", "--status", "gone"], "Allowed choices are queued"],
    [["chat", "--timeout-seconds", "601", "hi"], "Give a whole number from 1 to 600."],
    [["chat", "--connector", "telegram", "hi"], "Allowed choices are codex"],
    [["pairing", "approve"], "missing required argument 'code'"],
    [["pairing", "approve", "x", "--role", "king"], "Allowed choices are overlord"],
    [["version", "--loud"], "unknown option '--loud'"],
  ])("%j is bad usage", async (args, problem) => {
    const { stderr, exitCode } = await run(args);
    expect(stderr).toContain(problem);
    expect(exitCode).toBe(2);
  });

  test("prints the version", async () => {
    expect(await run(["version"])).toEqual({ exitCode: 0, stdout: "0.1.0\n", stderr: "" });
  });
});

describe("config", () => {
  test("all bad values at once, exit code 2, whatever the command", async () => {
    const env = {
      AGENT_RUNTIME_LOG_LEVEL: "loud",
      AGENT_RUNTIME_DEFAULT_CONCURRENCY: "0",
      AGENT_RUNTIME_DATA_DRI: "x",
      AGENT_RUNTIME_FOO: "x",
    };
    for (const args of [["serve"], ["doctor"], ["config", "show"], ["tasks", "list"]]) {
      const { stderr, exitCode } = await run(args, env);
      expect(stderr).toContain("AGENT_RUNTIME_LOG_LEVEL");
      expect(stderr).toContain("AGENT_RUNTIME_DEFAULT_CONCURRENCY");
      expect(stderr).toContain("Did you mean AGENT_RUNTIME_DATA_DIR?");
      expect(stderr).toContain(`warning: ${NO_SUCH_SETTING}`);
      expect(exitCode).toBe(2);
    }
  });

  test("show masks secrets and tells of names nobody reads", async () => {
    const env = { AGENT_RUNTIME_TELEGRAM_TOKEN: CANARY, AGENT_RUNTIME_DATA_DRI: "x" };
    const { stdout, stderr, exitCode } = await run(["config", "show"], env);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^AGENT_RUNTIME_TELEGRAM_TOKEN +\(set\) +environment$/m);
    expect(stderr).toContain("Did you mean AGENT_RUNTIME_DATA_DIR?");
    expect(stdout + stderr).not.toContain(CANARY);
    const json = await run(["config", "show", "--json"], env);
    expect(JSON.parse(json.stdout)).toContainEqual({
      name: "AGENT_RUNTIME_TELEGRAM_TOKEN",
      value: "(set)",
      source: "environment",
    });
  });
});

describe("without a service", () => {
  test.each([[["tasks", "list"]], [["audit", "head"]]])(
    "%j tells first of a setting that nobody reads",
    async (args) => {
      const { stderr, exitCode } = await run(args, {
        AGENT_RUNTIME_HTTP_ADDR: `:${await findFreePort()}`,
        AGENT_RUNTIME_FOO: "x",
      });
      expect(stderr).toMatch(/^warning: .*\n(No runtime answers|There is no store) at .*\n$/);
      expect(stderr).toContain(NO_SUCH_SETTING);
      expect(exitCode).toBe(1);
    },
  );

  test.each([
    [["tasks", "list"]],
    [["chat", "hi"]],
    [["explain", "msg_1"]],
    [["pairing", "list"]],
    [["login"]],
  ])("%j says so in one sentence", async (args) => {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    expect(await run(args, { AGENT_RUNTIME_HTTP_ADDR: `:${port}` })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `No runtime answers at ${url}. Start it with: npx agent-runtime serve\n`,
    });
  });

  test("audit says that there is no record yet", async () => {
    const { stderr, exitCode } = await run(["audit", "head"]);
    expect(stderr).toMatch(/^There is no store at .* yet\./);
    expect(exitCode).toBe(1);
  });
});
