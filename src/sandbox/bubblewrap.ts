import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { countProcesses } from "./count-processes.ts";
import type { Sandbox, SandboxCommand, SandboxEnd, SandboxResult } from "./sandbox.ts";

const INSIDE = "/workspace";
const WATCH_MS = 50;
/** Where Debian and its kin keep programs and libraries. */
const SYSTEM = [
  ["--ro-bind", "/usr", "/usr"],
  ["--symlink", "usr/bin", "/bin"],
  ["--symlink", "usr/sbin", "/sbin"],
  ["--symlink", "usr/lib", "/lib"],
  ["--symlink", "usr/lib64", "/lib64"],
  ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"],
  ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"],
].flat();

/**
 * Linux namespaces by bubblewrap: no network, no other processes, the system read-only, nothing of this machine's users,
 * an empty environment. The end of bubblewrap ends everything inside.
 */
export function createBubblewrap(program = "bwrap"): Sandbox {
  return {
    async run(command, signal) {
      signal.throwIfAborted();
      await mkdir(command.workspace, { recursive: true, mode: 0o700 });
      const workspace = await realpath(command.workspace);
      await mkdir(join(workspace, "scratch"), { recursive: true, mode: 0o700 });
      const child = spawn(
        "prlimit",
        [...limitsOf(command), "--", program, ...wallsOf(workspace), "--", ...command.argv],
        {
          stdio: "pipe",
          env: { PATH: "/usr/bin:/bin" },
        },
      );
      return await attend(child, command, signal);
    },
  };
}

function limitsOf({ limits }: SandboxCommand): string[] {
  return [
    `--as=${limits.memoryBytes}`,
    `--fsize=${limits.fileBytes}`,
    `--cpu=${Math.ceil(limits.timeMs / 1_000) + 1}`,
    "--core=0",
    "--nofile=256",
  ];
}

function wallsOf(workspace: string): string[] {
  return [
    "--unshare-all",
    "--unshare-user",
    ...["--uid", "65534", "--gid", "65534"],
    "--die-with-parent",
    "--new-session",
    ...["--cap-drop", "ALL"],
    "--clearenv",
    ...["--setenv", "PATH", "/usr/bin:/bin"],
    ...["--setenv", "HOME", "/tmp"],
    ...["--setenv", "LANG", "C.UTF-8"],
    ...SYSTEM,
    ...["--proc", "/proc"],
    ...["--dev", "/dev"],
    ...["--tmpfs", "/tmp"],
    ...["--ro-bind", workspace, INSIDE],
    ...["--bind", join(workspace, "scratch"), `${INSIDE}/scratch`],
    ...["--remount-ro", "/"],
    ...["--chdir", INSIDE],
    ...["--hostname", "sandbox"],
  ];
}

/** Waits for the end, which it brings about itself when a limit is reached. */
async function attend(
  child: ChildProcessWithoutNullStreams,
  { stdin, limits }: SandboxCommand,
  signal: AbortSignal,
): Promise<SandboxResult> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let reached: Extract<SandboxEnd, { kind: "limit" }> | undefined;
  const stop = (limit?: "time" | "output" | "processes") => {
    if (limit !== undefined) reached ??= { kind: "limit", limit };
    child.kill("SIGKILL");
  };
  const take = (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, Math.max(0, limits.outputBytes - bytes)));
    bytes += chunk.length;
    if (bytes > limits.outputBytes) stop("output");
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  // Whoever reads no input ends the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin ?? "");
  const onAbort = () => stop();
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop("time"), limits.timeMs);
  const watch = setInterval(() => {
    if (child.pid !== undefined && countProcesses(child.pid) > limits.processes) stop("processes");
  }, WATCH_MS);
  try {
    const end = await ended(child);
    signal.throwIfAborted();
    return { end: reached ?? end, output: Buffer.concat(chunks).toString("utf8") };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal.removeEventListener("abort", onAbort);
  }
}

function ended(child: ChildProcessWithoutNullStreams): Promise<SandboxEnd> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code !== null) resolve({ kind: "exited", code });
      else resolve({ kind: "killed", signal: signal ?? "SIGKILL" });
    });
  });
}
