import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../core/errors.ts";
import { type BubblewrapOptions, createBubblewrap } from "./bubblewrap.ts";
import { createNoWalls } from "./no-walls.ts";
import type { Sandbox } from "./sandbox.ts";

const TRIAL = {
  timeMs: 10_000,
  outputBytes: 2_000,
  memoryBytes: 1_000_000_000,
  processes: 16,
  fileBytes: 1_000,
  scratchBytes: 1_000_000,
};

export interface OpenedSandbox {
  readonly sandbox: Sandbox;
  /** Why it has no walls, in one sentence for who runs this; `undefined` when it has. */
  readonly warning: string | undefined;
}

/**
 * The sandbox of this machine. Bubblewrap is tried, not only looked for: where the kernel forbids it, it is there and of
 * no use. @throws `signal.reason`.
 */
export async function openSandbox(
  signal: AbortSignal,
  options: BubblewrapOptions = {},
): Promise<OpenedSandbox> {
  const walled = createBubblewrap(options);
  const problem = await findProblem(walled, signal);
  if (problem === undefined) return { sandbox: walled, warning: undefined };
  return {
    sandbox: createNoWalls(),
    warning: `Bubblewrap does not work here (${problem}), so commands of the agent are not cut off from this machine: every one of them asks first. Install bubblewrap and let it make user namespaces.`,
  };
}

async function findProblem(sandbox: Sandbox, signal: AbortSignal): Promise<string | undefined> {
  const workspace = await mkdtemp(join(tmpdir(), "agent-runtime-sandbox-"));
  try {
    const { end, output } = await sandbox.run({ argv: ["true"], workspace, limits: TRIAL }, signal);
    if (end.kind === "exited" && end.code === 0) return undefined;
    return output.trim().split("\n", 1)[0]?.slice(0, 200) || "it does not start";
  } catch (error) {
    signal.throwIfAborted();
    return describeError(error);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}
