import { mkdir } from "node:fs/promises";
import { sizeInWords } from "../../core/size-in-words.ts";
import type { Sensitivity } from "../../core/tool/tool-facts.ts";
import type { LimitKind, Sandbox, SandboxLimits, SandboxResult } from "../../sandbox/sandbox.ts";
import { taintOfProgram } from "../filesystem/file-taint.ts";
import type { ToolResult, ToolScene } from "../tool.ts";

/** What the code tools share. */
export interface CodeDeps {
  readonly sandbox: Sandbox;
  /** Programs that may be run, by their bare names. */
  readonly allowedCommands: readonly string[];
  readonly limits: SandboxLimits;
}

/** A little longer than the command's own limit, which says more. */
export function timeLimitOf({ limits }: CodeDeps): number {
  return limits.timeMs + 5_000;
}

/** How much a program may do: without walls around it, everything. */
export function sensitivityOfProgram({ sandbox }: CodeDeps, inside: Sensitivity): Sensitivity {
  return sandbox.isWalled ? inside : "outward";
}

/** What whoever approves a program must know besides what it does. */
export function sayWithoutWalls({ sandbox }: CodeDeps): string {
  return sandbox.isWalled ? "" : " (without a sandbox: it may reach what the runtime does)";
}

/** Runs a program that may read the whole workspace, and so all that others wrote there. */
export async function runProgram(
  deps: CodeDeps,
  { workspace, isTainted }: Pick<ToolScene, "workspace" | "isTainted">,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
  stdin?: string,
): Promise<ToolResult> {
  const taintedBy = await taintOfProgram(workspace, isTainted);
  return { ...(await runInSandbox(deps, workspace, argv, signal, stdin)), taintedBy };
}

/** Runs something in the workspace and says how it ended, before what it wrote. */
export async function runInSandbox(
  { sandbox, limits }: CodeDeps,
  workspace: string,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
  stdin?: string,
): Promise<ToolResult> {
  await mkdir(workspace, { recursive: true, mode: 0o700 });
  const result = await sandbox.run({ argv, workspace, stdin, limits }, signal);
  const text = describeResult(result, limits);
  const isDone = result.end.kind === "exited" && result.end.code === 0;
  return isDone ? { text } : { text, isFailure: true };
}

function describeResult({ end, output }: SandboxResult, limits: SandboxLimits): string {
  const written = output === "" ? "It wrote nothing." : output;
  if (end.kind === "limit") return `${describeLimit(end.limit, limits)}\n${written}`;
  if (end.kind === "killed") return `It was killed by ${end.signal}.\n${written}`;
  return end.code === 0 ? written : `It ended with exit code ${end.code}.\n${written}`;
}

function describeLimit(limit: LimitKind, limits: SandboxLimits): string {
  switch (limit) {
    case "time":
      return `It was ended after ${limits.timeMs / 1_000} s.`;
    case "output":
      return `It was ended because it wrote more than ${sizeInWords(limits.outputBytes)}.`;
    case "memory":
      return `It was ended because it used more than ${sizeInWords(limits.memoryBytes)} of memory.`;
    case "processes":
      return `It was ended because it had more than ${limits.processes} processes.`;
  }
}
