import { AppError } from "../../core/errors.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import type { Sandbox, SandboxLimits, SandboxResult } from "../../sandbox/sandbox.ts";
import type { ToolResult } from "../tool.ts";

/** What the code tools share. */
export interface CodeDeps {
  readonly sandbox: Sandbox;
  /** Programs that may be run, by their bare names. */
  readonly allowedCommands: readonly string[];
}

export const CODE_LIMITS: SandboxLimits = {
  timeMs: 20_000,
  outputBytes: 500_000,
  memoryBytes: 4_000_000_000,
  processes: 64,
  fileBytes: 100_000_000,
};
/** A little longer than the command's own limit, which says more. */
export const CODE_TIME_LIMIT_MS = CODE_LIMITS.timeMs + 5_000;

const LIMIT_REACHED = {
  time: `It was ended after ${CODE_LIMITS.timeMs / 1_000} s.`,
  output: `It was ended because it wrote more than ${sizeInWords(CODE_LIMITS.outputBytes)}.`,
  processes: `It was ended because it had more than ${CODE_LIMITS.processes} processes.`,
} as const;

/** Runs something in the workspace and says how it ended, before what it wrote. @throws AppError when it failed. */
export async function runInSandbox(
  { sandbox }: CodeDeps,
  workspace: string,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
  stdin?: string,
): Promise<ToolResult> {
  const result = await sandbox.run({ argv, workspace, stdin, limits: CODE_LIMITS }, signal);
  const text = describeResult(result);
  if (result.end.kind === "exited" && result.end.code === 0) return { text };
  throw new AppError("unavailable", text);
}

function describeResult({ end, output }: SandboxResult): string {
  const written = output === "" ? "It wrote nothing." : output;
  if (end.kind === "limit") return `${LIMIT_REACHED[end.limit]}\n${written}`;
  if (end.kind === "killed") return `It was killed by ${end.signal}.\n${written}`;
  return end.code === 0 ? written : `It ended with exit code ${end.code}.\n${written}`;
}
