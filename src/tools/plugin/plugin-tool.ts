import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withTimeout } from "../../core/abort.ts";
import type { Clock } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { shorten } from "../../core/shorten.ts";
import { cleanText } from "../../core/tool/clean-text.ts";
import { tailOf } from "../../core/tool/tail-of.ts";
import { type ProcessGroup, startProcessGroup } from "../../sandbox/process-group.ts";
import { SCRATCH } from "../filesystem/file-taint.ts";
import { markWhatChanges } from "../filesystem/mark-what-changes.ts";
import { filesOfProgram, fingerprint } from "../fingerprint.ts";
import { MAY_BE_DONE } from "../may-be-done.ts";
import { defineTool, type Tool, type ToolResult, type ToolScene } from "../tool.ts";
import type { Plugin } from "./read-plugins.ts";

const MOST_OUTPUT_BYTES = 1_000_000;
const LONGEST_RESULT = 150_000;
const LONGEST_ERROR = 2_000;
const LONGEST_SHOWN = 500;
/** A little longer than the plugin's own limit, which says more. */
const BESIDE_RUN_MS = 5_000;

/** A program of the operator as a tool: JSON in, JSON out. What it returns and writes taints: nobody knows where it has it from. */
export function pluginTool(clock: Clock, plugin: Plugin): Tool {
  const { argv, env, folder } = plugin;
  const taintedBy = `the plugin ${plugin.name}`;
  const fingerprintOf = () => fingerprint({ argv, env, files: filesOfProgram({ argv, folder }) });
  return defineTool<unknown>({
    name: `plugin_${plugin.name}`,
    class: "plugin",
    description: plugin.description,
    input: plugin.input,
    inputSchema: plugin.argumentsSchema,
    effect: plugin.effect,
    timeLimitMs: plugin.timeoutMs + BESIDE_RUN_MS,
    sensitivityOf: () => plugin.sensitivity,
    describe: (input) =>
      `Run the plugin ${plugin.name} with ${shorten(JSON.stringify(input), LONGEST_SHOWN)}`,
    fingerprintOf,
    async run(input, scene, signal) {
      const { workspace } = scene;
      const first = fingerprintOf();
      const ended = await markWhatChanges(workspace, async () => {
        // To look through a large workspace takes its time.
        if (fingerprintOf() !== first)
          throw new AppError(
            "conflict",
            `The plugin ${plugin.name} has changed meanwhile. It was not run.`,
          );
        return await runPlugin(
          clock,
          plugin,
          inputOf(input, scene),
          join(workspace, SCRATCH),
          signal,
        );
      });
      return { ...read(plugin.name, ended), taintedBy };
    },
  });
}

/** What a plugin is told, on its standard input. */
function inputOf(input: unknown, { runId, contextId, workspaceId }: ToolScene): string {
  return JSON.stringify({
    version: "v1",
    arguments: input,
    run_id: runId,
    context_id: contextId,
    workspace_id: workspaceId,
  });
}

interface Ended {
  /** `undefined`: as it should. */
  readonly how: string | undefined;
  /** It did not come to its own end. */
  readonly isBrokenOff: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs it to its end, or ends it with all that it started. @throws AppError, `signal.reason` */
async function runPlugin(
  clock: Clock,
  { name, argv, env, timeoutMs }: Plugin,
  input: string,
  cwd: string,
  signal: AbortSignal,
): Promise<Ended> {
  await mkdir(cwd, { recursive: true, mode: 0o700 });
  return await withTimeout(clock, timeoutMs, signal, (limited) => {
    limited.throwIfAborted();
    const group = startProcessGroup({ argv, cwd, env });
    group.stdin.end(input);
    return attend(group, limited);
  }).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof AppError && cause.code === "unavailable") {
      const what = `The plugin ${name} was ended after ${timeoutMs / 1_000} s. ${MAY_BE_DONE}`;
      throw new AppError("unavailable", what, { cause });
    }
    throw new AppError("unavailable", `The plugin ${name} cannot be started.`, { cause });
  });
}

async function attend(group: ProcessGroup, signal: AbortSignal): Promise<Ended> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let errors = "";
  group.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_OUTPUT_BYTES) chunks.push(chunk);
    else group.kill();
  });
  group.stderr.on("data", (chunk: Buffer) => {
    errors = tailOf(`${errors}${chunk.toString("utf8")}`, LONGEST_ERROR);
  });
  signal.addEventListener("abort", group.kill, { once: true });
  try {
    const { code, signal: by } = await group.ended;
    signal.throwIfAborted();
    return {
      how: describeEnd(bytes, code, by),
      isBrokenOff: bytes > MOST_OUTPUT_BYTES || code === null,
      output: Buffer.concat(chunks).toString("utf8"),
      errors,
    };
  } finally {
    signal.removeEventListener("abort", group.kill);
  }
}

function describeEnd(bytes: number, code: number | null, by: string | null): string | undefined {
  if (bytes > MOST_OUTPUT_BYTES)
    return `was ended because it wrote more than ${MOST_OUTPUT_BYTES} bytes`;
  if (code === null) return `was killed by ${by}`;
  return code === 0 ? undefined : `ended with exit code ${code}`;
}

function read(name: string, { how, isBrokenOff, output, errors }: Ended): ToolResult {
  if (how !== undefined && isBrokenOff) {
    const result = failed(name, how, errors);
    return { ...result, text: `${result.text}\n${MAY_BE_DONE}`, isInDoubt: true };
  }
  if (how !== undefined) return failed(name, how, errors);
  try {
    const { text, error } = JSON.parse(output) as { text?: unknown; error?: unknown };
    if (typeof text === "string") return { text: cleanText(text, LONGEST_RESULT) };
    if (typeof error === "string") return failed(name, "says that it failed", error);
    return failed(name, "gave no text", output);
  } catch {
    // What the parser says cuts the text, and half a secret is not known for one.
    return failed(name, "gave no JSON", output);
  }
}

function failed(name: string, how: string, words: string): ToolResult {
  const said = cleanText(words, LONGEST_ERROR);
  const text = `The plugin ${name} ${how}.`;
  return { text: said === "" ? text : `${text}\n${said}`, isFailure: true };
}
