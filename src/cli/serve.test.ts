import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkInvariants } from "../../test/support/check-invariants.ts";
import { runCommand } from "../../test/support/run-command.ts";
import { openAuditKey } from "../store/audit/audit-key.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

let cwd: string;
let child: ChildProcess | undefined;
let blocker: Server | undefined;
/** Whether the test itself broke what the service wrote. */
let isDamaged: boolean;
const dbPath = () => join(cwd, "data/agent-runtime/meta.sqlite");
beforeEach(() => {
  isDamaged = false;
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-serve-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  child = undefined;
  await new Promise((resolve) => (blocker ? blocker.close(resolve) : resolve(undefined)));
  blocker = undefined;
  if (!isDamaged && existsSync(dbPath()))
    checkInvariants(dbPath(), openAuditKey(join(cwd, "data")));
  rmSync(cwd, { recursive: true, force: true });
});

/** Starts `serve` and waits for the line that says where it serves. */
async function start(env: Record<string, string> = {}) {
  const started = spawn(process.execPath, [MAIN, "serve", "--port", "0"], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  let output = "";
  const serving = new Promise<void>((resolve, reject) => {
    started.once("exit", () => reject(new Error(`serve ended: ${output}`)));
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
        if (output.includes('"serving"')) resolve();
      });
    }
  });
  await serving;
  const ended = new Promise<number | null>((resolve) => started.once("close", resolve));
  return {
    child: started,
    ended,
    output: () => output,
    read: (file: string) => readFileSync(join(cwd, "data", file), "utf8").trim(),
  };
}

test("serves until SIGTERM, logs JSON without a secret or a login link, and ends with 0", async () => {
  const service = await start();
  const login = await runCommand(["login"], { cwd });
  expect(login).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#login=\w+\n$/),
  });
  expect(await runCommand(["chat", "/help"], { cwd })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("/task"),
  });
  const doctor = await runCommand(["doctor"], { cwd });
  expect(doctor).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^ok +service +It is running at http/m),
  });
  const head = (await runCommand(["audit", "head"], { cwd })).stdout.trim();
  expect(await runCommand(["audit", "verify", "--head", head], { cwd })).toMatchObject({
    exitCode: 0,
  });

  const secrets = [
    service.read("admin-token"),
    service.read("audit.key"),
    login.stdout.trim().split("=")[1] ?? "",
  ];
  service.child.kill("SIGTERM");
  expect(await service.ended).toBe(0);
  for (const line of service.output().trim().split("\n"))
    expect(JSON.parse(line)).toHaveProperty("level");
  for (const secret of secrets) expect(service.output()).not.toContain(secret);
  expect(existsSync(join(cwd, "data/address"))).toBe(false);
});

test("ends with 0 on Ctrl-C, also when npm passes it on a second time", async () => {
  const service = await start();
  service.child.kill("SIGINT");
  service.child.kill("SIGINT");
  expect(await service.ended).toBe(0);
});

test("goes on when nobody reads its log any more", async () => {
  const service = await start({ AGENT_RUNTIME_LOG_LEVEL: "debug" });
  service.child.stdout?.destroy();
  expect(await runCommand(["chat", "/help"], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await runCommand(["chat", "/status"], { cwd })).toMatchObject({ exitCode: 0 });
  service.child.kill("SIGTERM");
  expect(await service.ended).toBe(0);
});

test("a second one on the same data directory is refused", async () => {
  await start();
  const second = await runCommand(["serve", "--port", "0"], { cwd });
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toMatch(/^Another agent-runtime is using .*data\. Stop it/);
});

test("one with another data directory on the same store is refused, and reads go on", async () => {
  await start();
  const env = {
    AGENT_RUNTIME_DATA_DIR: join(cwd, "other"),
    AGENT_RUNTIME_DB_PATH: join(cwd, "data/agent-runtime/meta.sqlite"),
  };
  expect(await runCommand(["serve", "--port", "0"], { cwd, env })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^Another agent-runtime is using .*meta\.sqlite\. Stop it, or set AGENT_RUNTIME_DB_PATH/,
    ),
  });
  expect((await runCommand(["doctor"], { cwd, env })).stdout).toMatch(
    /^fail +store +An agent-runtime with another data directory is using .*meta\.sqlite/m,
  );
  expect(await runCommand(["audit", "verify"], { cwd })).toMatchObject({ exitCode: 0 });
  expect((await runCommand(["doctor"], { cwd })).stdout).toMatch(/^ok +store/m);
});

test("a store whose key is gone is refused, and gets no new one", async () => {
  const service = await start();
  service.child.kill("SIGTERM");
  await service.ended;
  const key = join(cwd, "data/audit.key");
  renameSync(key, `${key}.away`);
  expect(await runCommand(["serve", "--port", "0"], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/audit\.key is gone, but .*meta\.sqlite.*Restore the key/),
  });
  expect((await runCommand(["doctor"], { cwd })).stdout).toMatch(
    /^fail +audit .*audit\.key is gone/m,
  );
  expect(existsSync(key)).toBe(false);
  renameSync(`${key}.away`, key);
  await start();
});

test("the findings of audit verify are told to the twentieth", async () => {
  await start();
  isDamaged = true;
  const database = new Database(dbPath());
  database.exec(`with recursive n (i) as (select 0 union all select i + 1 from n where i < 49)
    insert into audit select 1000 + 2 * i, 0, '', '', '', '', '', '', '' from n`);
  database.close();
  const { exitCode, stderr } = await runCommand(["audit", "verify"], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr.split("\n").filter((line) => line.startsWith("- rows"))).toHaveLength(20);
  expect(stderr).toMatch(/^- and 30 more\nThe record is not whole: 50 found in \d+ rows\.$/m);
});

test("a taken port names itself and the variable", async () => {
  blocker = createServer();
  await new Promise<void>((resolve) => blocker?.listen(0, "127.0.0.1", resolve));
  const { port } = blocker.address() as AddressInfo;
  const { exitCode, stderr } = await runCommand(["serve", "--port", String(port)], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`^127\\.0\\.0\\.1:${port} is already taken\\..*AGENT_RUNTIME_HTTP_ADDR`),
  );
});

test("an address that others can reach is bad config unless it is allowed", async () => {
  const { exitCode, stderr } = await runCommand(["serve", "--host", "0.0.0.0", "--port", "0"], {
    cwd,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("AGENT_RUNTIME_ALLOW_REMOTE=true");
});
