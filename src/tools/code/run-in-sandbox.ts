import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sizeInWords } from "../../core/size-in-words.ts";
import type { Sensitivity } from "../../core/tool/tool-facts.ts";
import { measureFolder } from "../../sandbox/measure-folder.ts";
import type { LimitKind, Sandbox, SandboxLimits, SandboxResult } from "../../sandbox/sandbox.ts";
import { markWhatChanges } from "../filesystem/mark-what-changes.ts";
import { watchProgram } from "../filesystem/program-taint.ts";
import { sayFull } from "../filesystem/require-room.ts";
import { MAY_BE_DONE } from "../may-be-done.ts";
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

/** Without walls around it a program reaches the network, and brings what it likes from there. */
const FROM_OUTSIDE = "what a program without a sandbox came upon";

/** Runs a program that may read the whole workspace, and so all that others wrote there. */
export async function runProgram(
  deps: CodeDeps,
  { workspace, isTainted }: Pick<ToolScene, "workspace" | "isTainted">,
  argv: readonly [string, ...string[]],
  signal: AbortSignal,
  stdin?: string,
): Promise<ToolResult> {
  const run = () => runInSandbox(deps, workspace, argv, signal, stdin);
  if (!deps.sandbox.isWalled) {
    return { ...(await markWhatChanges(workspace, run)), taintedBy: FROM_OUTSIDE };
  }
  const { result, taintedBy } = await watchProgram(workspace, isTainted, run);
  return { ...result, taintedBy };
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
  const left = await limitsLeft(workspace, limits);
  const result = await sandbox.run({ argv, workspace, stdin, limits: left }, signal);
  const { end } = result;
  const isDone = end.kind === "exited" && end.code === 0;
  const { fileBytes: room } = await limitsLeft(workspace, limits);
  // A program need not notice that nothing was written.
  const isFull = end.kind !== "limit" && room < (isDone ? 1 : limits.fileBytes);
  const text = `${describeResult(result, limits)}${isFull ? `\n${sayFull(limits)}` : ""}`;
  if (isDone) return { text };
  // Behind walls there is nothing that it could have done to anybody.
  const isInDoubt = end.kind !== "exited" && !sandbox.isWalled;
  return isInDoubt
    ? { text: `${text}\n${MAY_BE_DONE}`, isFailure: true, isInDoubt }
    : { text, isFailure: true };
}

/** What is full can be emptied, and a file in it made shorter, but nothing can be added. */
async function limitsLeft(workspace: string, limits: SandboxLimits): Promise<SandboxLimits> {
  const held = await measureFolder(join(workspace, "scratch"));
  const scratchBytes = Math.max(limits.scratchBytes, held);
  const fileBytes = Math.min(limits.fileBytes, Math.max(0, limits.scratchBytes - held));
  return { ...limits, scratchBytes, fileBytes };
}

/** By custom of whoever was to start it. */
const NOT_FOUND = 127;

function describeResult({ end, output }: SandboxResult, limits: SandboxLimits): string {
  const written = output === "" ? "It wrote nothing." : output;
  if (end.kind === "limit") return `${describeLimit(end.limit, limits)}\n${written}`;
  if (end.kind === "killed") return `It was killed by ${end.signal}.\n${written}`;
  if (end.code === 0) return written;
  const how = end.code === NOT_FOUND ? ", as a program does that is not installed here" : "";
  return `It ended with exit code ${end.code}${how}.\n${written}`;
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
    case "scratch":
      return `It was ended. ${sayFull(limits)}`;
  }
}
