import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findFreePort } from "../../test/support/find-free-port.ts";
import { openStandInApi, type StandInApi } from "../../test/support/open-stand-in-api.ts";
import { runCommand } from "../../test/support/run-command.ts";

let api: StandInApi | undefined;
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-cli-"));
});
afterEach(async () => {
  await api?.close();
  api = undefined;
  rmSync(cwd, { recursive: true });
});

function run(args: readonly string[], env: Record<string, string> = {}) {
  return runCommand(args, { cwd, env });
}

describe("doctor", () => {
  test("passes on a machine where nothing was started yet, and makes nothing", async () => {
    const port = await findFreePort();
    const { stdout, exitCode } = await run(["doctor"], { AGENT_RUNTIME_HTTP_ADDR: `:${port}` });
    expect(stdout).toMatch(/^warn +data directory +.* is not there yet/m);
    expect(stdout).toMatch(/^ok +service +It is not running/m);
    expect(stdout).not.toMatch(/^fail/m);
    expect(exitCode).toBe(0);
    expect(existsSync(join(cwd, "data"))).toBe(false);
  });

  test("fails on a readable key, a taken address, a bad token and a damaged store, and shows no secret", async () => {
    api = await openStandInApi(cwd, () => [200, {}]);
    chmodSync(join(cwd, "data/admin-token"), 0o644);
    mkdirSync(join(cwd, "data/agent-runtime"));
    writeFileSync(
      join(cwd, "data/agent-runtime/meta.sqlite"),
      "this is no database, not at all".repeat(50),
    );
    const { stdout, exitCode } = await run(["doctor"], {
      AGENT_RUNTIME_HTTP_ADDR: new URL(api.url).host,
      AGENT_RUNTIME_TELEGRAM_TOKEN: "canary-no-token",
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail +data directory +.*chmod 600/m);
    expect(stdout).toMatch(/^fail +service +.* is taken by another program/m);
    expect(stdout).toMatch(/^fail +telegram +.*@BotFather/m);
    expect(stdout).toMatch(/^fail +store +.*restore a backup/m);
    expect(stdout).not.toContain("canary");
  });
});
