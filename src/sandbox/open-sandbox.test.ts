import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runAndKill } from "../../test/support/run-and-kill.ts";
import { NEVER } from "../core/abort.ts";
import { createNoWalls } from "./no-walls.ts";
import { openSandbox } from "./open-sandbox.ts";
import type { SandboxLimits } from "./sandbox.ts";

const LIMITS: SandboxLimits = {
  timeMs: 60_000,
  outputBytes: 10_000,
  memoryBytes: 1_000_000_000,
  processes: 20,
  fileBytes: 1_000_000,
  scratchBytes: 100_000_000,
};
let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "agent-runtime-no-walls-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(workspace, { recursive: true, force: true });
});

async function sh(script: string, limits: Partial<SandboxLimits> = {}, signal = NEVER) {
  const argv = ["sh", "-c", script] as const;
  return await createNoWalls().run({ argv, workspace, limits: { ...LIMITS, ...limits } }, signal);
}

describe("where bubblewrap does not work", () => {
  test("that is said, and there are no walls", async () => {
    const { sandbox, warning } = await openSandbox(NEVER, { program: "no-bubblewrap-here" });
    expect(sandbox.isWalled).toBe(false);
    expect(warning).toMatch(/^Bubblewrap does not work here .* every one of them asks first/);
  });

  test("a program of its name that refuses is as good as none", async () => {
    const { sandbox, warning } = await openSandbox(NEVER, { program: "false" });
    expect([sandbox.isWalled, warning]).toEqual([false, expect.stringContaining("not start")]);
  });

  test("a command has the workspace, and nothing of our environment", async () => {
    vi.stubEnv("SANDBOX_CANARY", "leaked");
    await writeFile(join(workspace, "note.md"), "hello");
    const { end, output } = await sh("cat note.md; env; echo x > scratch/a");
    expect(end).toEqual({ kind: "exited", code: 0 });
    expect(output).toMatch(/^hello/);
    expect(output).not.toContain("leaked");
  });

  test("it ends with all it has started, at its time, its output, its memory, its processes, or when told", async () => {
    const late = "(sleep 30; touch scratch/late) & echo begun; sleep 30";
    expect((await sh(late, { timeMs: 300 })).end).toEqual({ kind: "limit", limit: "time" });
    expect((await sh("yes")).end).toEqual({ kind: "limit", limit: "output" });
    const many = "for n in 1 2 3 4 5 6 7 8 9; do sleep 30 & done; sleep 30";
    expect((await sh(many, { processes: 5 })).end).toEqual({ kind: "limit", limit: "processes" });
    const heap = `python3 -c "import time; x = b'x' * 300_000_000; time.sleep(30)"`;
    const memory = await sh(`${heap} & sleep 30`, { memoryBytes: 200_000_000 });
    expect(memory.end).toEqual({ kind: "limit", limit: "memory" });
    const stop = new AbortController();
    const running = sh(late, {}, stop.signal);
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    await expect(stat(join(workspace, "scratch/late"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("it may have as many processes as it is allowed, none of which is ours", async () => {
    const two = "sleep 0.5 & wait; echo done";
    expect(await sh(two, { processes: 2 })).toEqual({
      end: { kind: "exited", code: 0 },
      output: "done\n",
    });
    const three = "sleep 30 & sleep 30 & wait";
    expect((await sh(three, { processes: 2 })).end).toEqual({ kind: "limit", limit: "processes" });
  });

  test("what it leaves running ends with it", async () => {
    const { end, output } = await sh("sleep 30 >/dev/null 2>&1 & echo $!");
    expect(end).toEqual({ kind: "exited", code: 0 });
    const ran = () => readFile(`/proc/${output.trim()}/stat`, "utf8").catch(() => "gone");
    await expect.poll(ran).toMatch(/^gone$|\) Z /);
  });

  test("it does not outlive a runtime that is killed", async () => {
    const word = `600.${process.pid}`;
    const command = { argv: ["sh", "-c", 'sleep "$0"', word], workspace, limits: LIMITS } as const;
    expect(await runAndKill("no-walls", command, word)).toEqual([]);
  });

  test("a program that is not there fails as such", async () => {
    const missing = { argv: ["no-such-program"], workspace, limits: LIMITS } as const;
    const { end, output } = await createNoWalls().run(missing, NEVER);
    expect([end, output]).toEqual([
      { kind: "exited", code: 127 },
      expect.stringContaining("not found"),
    ]);
  });
});
