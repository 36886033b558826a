import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../../src/core/abort.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap.ts";
import type { SandboxLimits } from "../../src/sandbox/sandbox.ts";
import { runAndKill } from "../support/run-and-kill.ts";

const LIMITS: SandboxLimits = {
  timeMs: 60_000,
  outputBytes: 20_000,
  memoryBytes: 4_000_000_000,
  processes: 20,
  fileBytes: 1_000_000,
  scratchBytes: 100_000_000,
};
/** They multiply, but not without an end: a machine that is too busy to look must survive it. */
const FORKS = `
import os, time
for _ in range(8): os.fork()
time.sleep(60)`;
/** Each starts the next from a thread. */
const THREADS = `
import os, threading, time
def grow(n):
    if n > 0 and os.fork() == 0: threading.Thread(target=grow, args=(n - 1,)).start()
    time.sleep(60)
grow(40)`;
const sandbox = createBubblewrap();
let outside: string;
let workspace: string;
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), "agent-runtime-sandbox-"));
  workspace = join(outside, "ws");
  await mkdir(join(workspace, "context"), { recursive: true });
  await writeFile(join(workspace, "note.md"), "hello");
  await writeFile(join(outside, "secret"), "nobody's business");
});
afterEach(() => rm(outside, { recursive: true, force: true }));

async function sh(script: string, limits: Partial<SandboxLimits> = {}, signal = NEVER) {
  const { end, output } = await sandbox.run(
    { argv: ["sh", "-c", script], workspace, limits: { ...LIMITS, ...limits } },
    signal,
  );
  return { end, output: output.trim() };
}

describe("inside", () => {
  test("a command reads the workspace, writes scratch/ and nothing else", async () => {
    expect(await sh("cat note.md && pwd && echo kept > scratch/a && cat scratch/a")).toEqual({
      end: { kind: "exited", code: 0 },
      output: "hello/workspace\nkept",
    });
    expect(await readFile(join(workspace, "scratch/a"), "utf8")).toBe("kept\n");
    for (const path of ["note.md", "context/SOUL.md", "new", "/usr/x", "/etc/x"]) {
      const { end, output } = await sh(`echo x > ${path}`);
      expect([path, end]).toEqual([path, { kind: "exited", code: 2 }]);
      expect(output).toMatch(/Read-only|Permission|No such/);
    }
  });

  test("there is nothing of this machine: no files, processes, environment, network, names", async () => {
    process.env["SANDBOX_CANARY"] = "leaked";
    const server = createServer((_request, response) => response.end("reached"));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    try {
      const { output } = await sh(
        `cat ${outside}/secret; ls /home /root /var; cat /etc/passwd /etc/shadow; env; cat /proc/*/environ; ls /proc | grep -c '^[0-9]'; hostname; python3 -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:${port}/').read())"; id -u`,
      );
      expect(output).not.toMatch(/nobody's business|leaked|reached|root:/);
      expect(output).toMatch(/^sandbox$/m);
      expect(output).toMatch(/^65534$/m);
    } finally {
      delete process.env["SANDBOX_CANARY"];
      server.close();
    }
  });

  test("it has no privileges, and none to regain, and no part in our terminal", async () => {
    const { output } = await sh(
      "grep -E '^(Cap(Prm|Eff|Bnd)|NoNewPrivs):' /proc/self/status; cat /dev/tty",
    );
    const [prm, eff, bnd, noNew, tty] = output.trim().split("\n");
    expect([prm, eff, bnd].map((line) => line?.slice(-16))).toEqual(Array(3).fill("0".repeat(16)));
    expect(noNew).toMatch(/1$/u);
    expect(tty).toContain("No such device or address");
  });

  test("it is told nothing of what bubblewrap itself was told", async () => {
    const wrapper = join(outside, "bwrap");
    await writeFile(wrapper, '#!/bin/sh\nexport CANARY=leaked\nexec bwrap "$@"\n', { mode: 0o755 });
    const command = { argv: ["env"], workspace, limits: LIMITS } as const;
    const { output } = await createBubblewrap({ program: wrapper }).run(command, NEVER);
    expect(output).toContain("LANG=C.UTF-8");
    expect(output).not.toContain("leaked");
  });

  test("no setting of the kernel can be written, whoever runs us", async () => {
    const look =
      "import os; print([p for d, _, fs in os.walk('/proc/sys') for p in (d + '/' + f for f in fs) if os.access(p, os.W_OK)])";
    const write = "open('/proc/sys/fs/lease-break-time', 'w').write('45')";
    const { output } = await sh(`python3 -c "${look}"; python3 -c "${write}"`);
    expect(output).toMatch(/^\[\]$/mu);
    expect(output).toMatch(/Read-only file system|Permission denied/u);
  });

  test("nothing of the runtime itself is seen, though it lies where the system is", async () => {
    const home = await mkdtemp("/usr/agent-runtime-sandbox-");
    try {
      const [data, own] = [join(home, "data"), join(home, "data", "workspaces", "ws_1")];
      await mkdir(own, { recursive: true });
      for (const path of [join(home, ".env"), join(data, "admin-token"), join(own, "note.md")])
        await writeFile(path, `words of ${path}\n`);
      const hidden = [data, join(data, "workspaces"), join(home, ".env"), join(home, "none")];
      const argv = [
        "sh",
        "-c",
        `cat ${home}/.env; ls -R ${home}; cat ${data}/admin-token; cat note.md`,
      ];
      const { output } = await createBubblewrap({ hidden }).run(
        { argv: ["sh", ...argv.slice(1)], workspace: own, limits: LIMITS },
        NEVER,
      );
      expect(output.match(/words of \S+/g)).toEqual([`words of ${join(own, "note.md")}`]);
      expect(output).toContain("data");
    } finally {
      await rm(home, { recursive: true });
    }
  });

  test("a link out of scratch/ leads nowhere", async () => {
    const { output } = await sh(`ln -s ${outside}/secret scratch/link; cat scratch/link`);
    expect(output).toMatch(/No such file/);
  });
});

describe("a limit", () => {
  test("of time ends the command and all it has started", async () => {
    const mark = join(workspace, "scratch/late");
    const { end } = await sh(
      "(sleep 1; echo x > scratch/late) & (setsid sh -c 'sleep 1; echo x > scratch/late') & sleep 60",
      { timeMs: 300 },
    );
    expect(end).toEqual({ kind: "limit", limit: "time" });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await expect(stat(mark)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("of output, memory, files and processes holds", async () => {
    const flood = await sh("yes");
    expect(flood.end).toEqual({ kind: "limit", limit: "output" });
    expect(flood.output.length).toBeLessThanOrEqual(LIMITS.outputBytes);
    const memory = await sh('python3 -c "x = bytearray(2_000_000_000)"', {
      memoryBytes: 500_000_000,
    });
    expect(memory.end).not.toEqual({ kind: "exited", code: 0 });
    const together = await sh(
      "python3 -c \"import os, time; os.fork(); os.fork(); x = b'x' * 100_000_000; time.sleep(60)\"",
      { memoryBytes: 300_000_000 },
    );
    expect(together.end).toEqual({ kind: "limit", limit: "memory" });
    const files = await sh("for n in 1 2 3 4; do head -c 40000000 /dev/zero > /tmp/$n; done", {
      memoryBytes: 100_000_000,
      fileBytes: 40_000_000,
    });
    expect(files.output).toContain("No space left");
    expect((await sh("echo x > /dev/shm/x")).output).toContain("Read-only");
    await sh("head -c 5000000 /dev/zero > scratch/big");
    expect((await stat(join(workspace, "scratch/big"))).size).toBeLessThanOrEqual(LIMITS.fileBytes);
    for (const many of [FORKS, THREADS]) {
      const { end } = await sandbox.run(
        { argv: ["python3", "-c", many], workspace, limits: LIMITS },
        NEVER,
      );
      expect(end).toEqual({ kind: "limit", limit: "processes" });
    }
  });

  test("of processes counts none of ours", async () => {
    const two = { ...LIMITS, processes: 2 };
    const exited = { end: { kind: "exited", code: 0 }, output: "done" };
    expect(await sh("sleep 0.5 & wait; echo done", two)).toEqual(exited);
    const { end } = await sh("sleep 30 & sleep 30 & wait", two);
    expect(end).toEqual({ kind: "limit", limit: "processes" });
  });

  test("is also that the runtime is killed", async () => {
    const word = `600.${process.pid}`;
    const command = { argv: ["sh", "-c", 'sleep "$0"', word], workspace, limits: LIMITS } as const;
    expect(await runAndKill("bubblewrap", command, word)).toEqual([]);
  });

  test("is also that somebody stops it, at whatever moment of its start", async () => {
    const seconds = 3_000 + (process.pid % 1_000);
    for (let n = 0; n < 60; n += 1) {
      const stop = new AbortController();
      const running = sh(`echo begun; sleep ${seconds}`, { timeMs: 60_000 }, stop.signal);
      setTimeout(() => stop.abort(new Error("enough")), n);
      await expect(running).rejects.toThrow("enough");
    }
    expect(spawnSync("pgrep", ["-f", `sleep ${seconds}`], { encoding: "utf8" }).stdout).toBe("");
  });
});

test("an end by itself is told as it was", async () => {
  expect(await sh("echo out; echo err >&2; exit 3")).toEqual({
    end: { kind: "exited", code: 3 },
    output: "out\nerr",
  });
  const silent = await sandbox.run(
    { argv: ["cat"], workspace, stdin: "given", limits: LIMITS },
    NEVER,
  );
  expect(silent.output).toBe("given");
  const missing = await sandbox.run(
    { argv: ["no-such-program"], workspace, limits: LIMITS },
    NEVER,
  );
  expect(missing.end).toEqual({ kind: "exited", code: 127 });
});
