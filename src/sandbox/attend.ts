import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { countProcesses } from "./count-processes.ts";
import type { SandboxCommand, SandboxEnd, SandboxResult } from "./sandbox.ts";

const WATCH_MS = 50;

/**
 * Feeds a command, keeps what it writes and waits for its end, which it brings about itself when a limit is reached.
 * @throws `signal.reason` on abort, when it has ended.
 */
export async function attend(
  child: ChildProcessWithoutNullStreams,
  { stdin, limits }: SandboxCommand,
  /** Ends it and all that it has started. */
  kill: () => void,
  signal: AbortSignal,
): Promise<SandboxResult> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let reached: Extract<SandboxEnd, { kind: "limit" }> | undefined;
  const stop = (limit?: "time" | "output" | "processes") => {
    if (limit !== undefined) reached ??= { kind: "limit", limit };
    kill();
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
  if (signal.aborted) onAbort();
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
