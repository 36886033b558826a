import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startProcessGroup } from "./process-group.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-group-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const start = (script: string, env: Record<string, string> = {}) =>
  startProcessGroup({ argv: ["sh", "-c", script], cwd, env });
/** A script that writes down its number and one of a child of it, then hangs. */
const LINGER = "sleep 600 & echo $$ $! > pids; wait";
async function pidsOf(file: string): Promise<number[]> {
  const read = () => readFileSync(file, "utf8").trim();
  await vi.waitFor(() => expect(read()).not.toBe(""), 30_000);
  return read().split(" ").map(Number);
}
const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
const gone = (pids: number[]) => vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), 30_000);

test("a program gets its input, the environment it was given, and nothing else", async () => {
  vi.stubEnv("GROUP_CANARY", "leaked");
  const group = start("cat; env; ls -l /proc/self/fd | grep -c socket; exit 3", { GIVEN: "yes" });
  group.stdin.end("hello\n");
  const out = await text(group.stdout);
  vi.unstubAllEnvs();
  expect(out).toMatch(/^hello$/m);
  expect(out).toMatch(/^GIVEN=yes$/m);
  expect(out).not.toMatch(/leaked|HOME=|USER=/);
  // Of its input and its errors; its output goes to the next program.
  expect(out.trim().split("\n").at(-1)).toBe("2");
  expect(await group.ended).toEqual({ code: 3, signal: null });
});

test("a group is killed with all that it has started", async () => {
  const group = start(LINGER);
  const pids = await pidsOf(join(cwd, "pids"));
  expect(pids.every(isAlive)).toBe(true);
  group.kill();
  expect(await group.ended).toEqual({ code: null, signal: "SIGKILL" });
  await gone(pids);
});

test("what a program leaves behind ends with it", async () => {
  const group = start("sleep 600 & echo $$ $! > pids");
  expect(await group.ended).toEqual({ code: 0, signal: null });
  await gone(await pidsOf(join(cwd, "pids")));
});

test("a group does not outlive this process, even when that is killed", async () => {
  const program = `import { startProcessGroup } from ${JSON.stringify(join(import.meta.dirname, "process-group.ts"))};
    startProcessGroup({ argv: ["sh", "-c", ${JSON.stringify(`trap "" TERM HUP; ${LINGER}`)}], cwd: process.cwd(), env: {} });
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd,
    stdio: "inherit",
  });
  const pids = await pidsOf(join(cwd, "pids"));
  expect(pids.every(isAlive)).toBe(true);
  owner.kill("SIGKILL");
  await gone(pids);
});

test("a program that is not there says so, and so does a folder", async () => {
  const missing = startProcessGroup({ argv: ["/nowhere/program"], cwd, env: {} });
  expect(await text(missing.stderr)).toContain("not found");
  expect((await missing.ended).code).toBe(127);
  const nowhere = startProcessGroup({ argv: ["true"], cwd: join(cwd, "nowhere"), env: {} });
  await expect(nowhere.ended).rejects.toThrow("ENOENT");
});

test("what has left the group ends with the program, whoever started it", async () => {
  const daemon = "setsid sh -c 'sleep 600 & echo $$ $! > pids; wait' </dev/null >/dev/null 2>&1 &";
  const group = start(`${daemon} while [ ! -s pids ]; do :; done`);
  expect(await group.ended).toEqual({ code: 0, signal: null });
  await gone(await pidsOf(join(cwd, "pids")));
});

test("what has left the group and holds its output open holds up nobody", async () => {
  const group = start("setsid env -i sleep 600 & echo $! > pids; echo done");
  const said: string[] = [];
  group.stdout.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  expect(await group.ended).toEqual({ code: 0, signal: null });
  expect(said.join("")).toBe("done\n");
  const [late = 0] = await pidsOf(join(cwd, "pids"));
  if (isAlive(late)) process.kill(late, "SIGKILL");
});
