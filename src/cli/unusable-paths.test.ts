import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-test-runtime.ts";
import { runCommand } from "../../test/support/run-command.ts";

const NOBODY = 65_534;

let cwd: string;
let data: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-paths-"));
  data = join(cwd, "data");
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function serve(env: Record<string, string> = {}) {
  return runCommand(["serve", "--port", "0"], { cwd, env });
}

test.skipIf(process.platform !== "linux")(
  "a file system that takes no directories is refused at once",
  async () => {
    expect(await serve({ AGENT_RUNTIME_DATA_DIR: "/proc/x/y" })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "/proc/x cannot be used: nothing can be made there (ENOENT). Set AGENT_RUNTIME_DATA_DIR to another place.\n",
    });
  },
);

test("makes all directories on the way, for its own account alone", async () => {
  const blocked = join(cwd, "a/b/data/lock.db");
  mkdirSync(blocked, { recursive: true });
  await serve({ AGENT_RUNTIME_DATA_DIR: join(cwd, "a/b/data") });
  expect(readdirSync(join(cwd, "a/b/data")).toSorted()).toEqual([
    "agent-runtime",
    "lock.db",
    "workspaces",
  ]);
});

const FILE = "it is a file, not a directory";
const DIRECTORY = "it is a directory where a file is needed";

describe("serve says which path is in the way, why, and which variable sets it", () => {
  test.each([
    ["data", FILE, "DATA_DIR", () => writeFileSync(data, "")],
    ["data", "it is a link to nowhere, which", "DATA_DIR", () => symlinkSync("nowhere", data)],
    ["data", "it is a link that leads in a circle", "DATA_DIR", () => symlinkSync(data, data)],
    ["data/lock.db", DIRECTORY, "DATA_DIR", () => mkdirs("data/lock.db")],
    ["data/admin-token", DIRECTORY, "DATA_DIR", () => mkdirs("data/admin-token")],
    ["data/audit.key", DIRECTORY, "DATA_DIR", () => mkdirs("data/audit.key")],
    ["data/address", DIRECTORY, "DATA_DIR", () => mkdirs("data/address")],
    ["data/workspaces", FILE, "DATA_DIR", () => writeIn("data", "workspaces")],
    ["data/agent-runtime", FILE, "DATA_DIR", () => writeIn("data", "agent-runtime")],
    [
      "data/agent-runtime/meta.sqlite",
      DIRECTORY,
      "DATA_DIR",
      () => mkdirs("data/agent-runtime/meta.sqlite"),
    ],
    ["elsewhere", FILE, "WORKSPACE_ROOT", () => writeIn(".", "elsewhere")],
  ])("%s: %s", async (path, why, variable, prepare) => {
    prepare();
    const other =
      variable === "WORKSPACE_ROOT" ? { AGENT_RUNTIME_WORKSPACE_ROOT: "elsewhere/x" } : {};
    const { exitCode, stderr } = await serve(other);
    expect(stderr.startsWith(`${join(cwd, path)} cannot be used: ${why}`)).toBe(true);
    expect(stderr).toMatch(new RegExp(`or set AGENT_RUNTIME_${variable} to another place\\.\\n$`));
    expect(exitCode).toBe(2);
    const doctor = await runCommand(["doctor"], { cwd, env: other });
    if (path !== "elsewhere")
      expect(doctor.stdout).toMatch(/^fail +data directory +.*cannot be used/m);
  });

  test.skipIf(process.platform !== "linux")(
    "no space left for a key passes by itself, so it is no bad configuration",
    async () => {
      mkdirs("data");
      symlinkSync("/dev/full", join(data, "audit.key.new"));
      expect(await serve()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /audit\.key cannot be used: there is no space left for it \(ENOSPC\)\. Free some/,
        ),
      });
    },
  );

  test("a damaged lock", async () => {
    writeIn("data", "lock.db", "this is no database at all".repeat(50));
    expect(await serve()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /lock\.db cannot be locked \(SQLITE_NOTADB\)\. .*delete it\.$/m,
      ),
    });
  });
});

function mkdirs(path: string): void {
  mkdirSync(join(cwd, path), { recursive: true });
}

function writeIn(directory: string, name: string, text = ""): void {
  mkdirs(directory);
  writeFileSync(join(cwd, directory, name), text);
}

describe("another account", () => {
  let t: TestRuntime;
  afterEach(async () => {
    chmodSync(t.dataDir, 0o700);
    await t.close();
  });

  /** Root may read everything, so it has somebody else look; others shut themselves out. */
  async function runAsStranger(...args: string[]) {
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chmodSync(t.directory, 0o755);
    else chmodSync(t.dataDir, 0);
    return await runCommand(args, {
      cwd,
      env: { AGENT_RUNTIME_DATA_DIR: t.dataDir },
      ...(isRoot ? { uid: NOBODY } : {}),
    });
  }

  test("is told that it may not read the store, not that there is none", async () => {
    t = await openTestRuntime();
    chmodSync(cwd, 0o755);
    for (const command of ["head", "verify"]) {
      expect(await runAsStranger("audit", command)).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringMatching(
          /meta\.sqlite cannot be used: this account may not use it \(EACCES\)/,
        ),
      });
    }
    const { stdout, exitCode } = await runAsStranger("doctor");
    expect(exitCode).toBe(1);
    for (const name of ["data directory", "store", "service"])
      expect(stdout).toMatch(new RegExp(`^fail +${name} .*this account may not use it`, "m"));
  });
});

test("the account itself is told that there is no store yet", async () => {
  for (const command of ["head", "verify"]) {
    expect(await runCommand(["audit", command], { cwd })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^There is no store at .*meta\.sqlite yet/),
    });
  }
});
