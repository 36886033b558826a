import { join } from "node:path";
import { OVER } from "../core/abort.ts";
import { systemClock } from "../core/clock.ts";
import { measureFolder } from "./measure-folder.ts";
import { findExceeded } from "./measure-group.ts";
import type { ProcessGroup } from "./process-group.ts";
import type { LimitKind, SandboxCommand, SandboxEnd, SandboxResult } from "./sandbox.ts";

/** Short: some programs multiply fast, and root's cannot be bounded by the kernel. */
const WATCH_MS = 15;
/** Longer, as it reads a folder. */
const WATCH_SCRATCH_MS = 250;

/**
 * Feeds a command, keeps what it writes and waits for its end, which it brings about itself when a limit is reached. So many
 * processes of the group, `ours`, are not the command's.
 * @throws `signal.reason` on abort, when it has ended.
 */
export async function attend(
  group: ProcessGroup,
  { stdin, limits, workspace }: SandboxCommand,
  ours: number,
  signal: AbortSignal,
): Promise<SandboxResult> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let reached: Extract<SandboxEnd, { kind: "limit" }> | undefined;
  const stop = (limit?: LimitKind) => {
    if (limit !== undefined) reached ??= { kind: "limit", limit };
    group.kill();
  };
  const take = (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, Math.max(0, limits.outputBytes - bytes)));
    bytes += chunk.length;
    if (bytes > limits.outputBytes) stop("output");
  };
  group.stdout.on("data", take);
  group.stderr.on("data", take);
  group.stdin.end(stdin ?? "");
  const onAbort = () => stop();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const over = new AbortController();
  const watches = [
    after(limits.timeMs, over.signal, () => stop("time")),
    every(WATCH_MS, over.signal, () => {
      const exceeded = group.pid === undefined ? undefined : findExceeded(group.pid, limits, ours);
      if (exceeded !== undefined) stop(exceeded);
    }),
    every(WATCH_SCRATCH_MS, over.signal, async () => {
      const bytes = await measureFolder(join(workspace, "scratch"), over.signal);
      if (bytes > limits.scratchBytes) stop("scratch");
    }),
  ];
  try {
    const end = await group.ended;
    signal.throwIfAborted();
    return { end: reached ?? describeEnd(end), output: Buffer.concat(chunks).toString("utf8") };
  } finally {
    over.abort(OVER);
    await Promise.all(watches);
    signal.removeEventListener("abort", onAbort);
  }
}

type Act = () => void | Promise<void>;

/** By real time, whatever the clock of a test says: programs are real. */
async function after(ms: number, signal: AbortSignal, act: Act): Promise<void> {
  await systemClock.sleep(ms, signal).then(act, () => undefined);
}

async function every(ms: number, signal: AbortSignal, act: Act): Promise<void> {
  while (!signal.aborted) await after(ms, signal, act);
}

function describeEnd({ code, signal }: Awaited<ProcessGroup["ended"]>): SandboxEnd {
  return code === null ? { kind: "killed", signal: signal ?? "SIGKILL" } : { kind: "exited", code };
}
