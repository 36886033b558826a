import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { taintOf, taintOfOpen } from "../filesystem/file-taint.ts";
import { openInWorkspace } from "../filesystem/open-in-workspace.ts";
import { parseWorkspacePath } from "../filesystem/workspace-path.ts";
import { defineTool, type Tool } from "../tool.ts";
import {
  type CodeDeps,
  runInSandbox,
  sayWithoutWalls,
  sensitivityOfProgram,
  timeLimitOf,
} from "./run-in-sandbox.ts";

/** Options that read a file and do nothing else. Those that name another file or write are left out. */
const OPTION = {
  head: /^-[nc]?\d+$/,
  tail: /^-(?:[nc]\+?)?\d+$/,
  wc: /^-[clmwL]+$/,
} as const;

/** The words by which a filter of jq reads other files than the one that was named. */
const OTHER_FILE = /\b(?:import|include|modulemeta)\b/;

/** Looks at a part of a file with programs that only read. */
export function inspectFileTool(deps: CodeDeps): Tool {
  return defineTool({
    name: "inspect_file",
    class: "code",
    description:
      "Looks at a file of the workspace without reading all of it: head, tail, wc with their usual options, grep and jq with one pattern or filter.",
    input: z.strictObject({
      command: z.enum(["head", "tail", "wc", "grep", "jq"]),
      path: z.string().min(1),
      args: z.array(z.string().max(512)).max(8).default([]),
    }),
    effect: "read",
    timeLimitMs: timeLimitOf(deps),
    sensitivityOf: () => sensitivityOfProgram(deps, "read"),
    describe: ({ command, path }) => `Look at ${path} with ${command}${sayWithoutWalls(deps)}`,
    async run({ command, path, args }, { workspace }, signal) {
      const inside = parseWorkspacePath(path);
      // Refuses what is no file or behind a link, whose taint would be another one's.
      const file = await openInWorkspace(workspace, inside);
      const before = await taintOfOpen(workspace, inside, file).finally(() => file.close());
      const result = await runInSandbox(
        deps,
        workspace,
        [command, ...optionsOf(command, args), ...patternOf(command, args), `./${inside}`],
        signal,
      );
      // It may have been written meanwhile.
      return { ...result, taintedBy: before ?? (await taintOf(workspace, inside)) };
    },
  });
}

function optionsOf(command: string, args: readonly string[]): readonly string[] {
  if (command === "grep") return ["-n", "-E", ...(args.includes("-i") ? ["-i"] : [])];
  if (command === "jq") return ["-M"];
  const allowed = OPTION[command as keyof typeof OPTION];
  const options = joinNumbers(args);
  const other = options.find((arg) => !allowed.test(arg));
  if (other !== undefined)
    throw new AppError("invalid_input", `${command} does not take ${JSON.stringify(other)} here.`);
  return options;
}

/** `-n 5` as `-n5`: a number that stands alone is the name of another file. */
function joinNumbers(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const isNumber = /^-[nc]$/.test(joined.at(-1) ?? "");
    joined.push(isNumber ? `${joined.pop()}${arg}` : arg);
  }
  return joined;
}

function patternOf(command: string, args: readonly string[]): readonly string[] {
  if (command !== "grep" && command !== "jq") return [];
  const patterns = args.filter((arg) => command !== "grep" || (arg !== "-i" && arg !== "-n"));
  const [pattern] = patterns;
  if (pattern === undefined || patterns.length > 1 || pattern.startsWith("-"))
    throw new AppError(
      "invalid_input",
      `${command} takes exactly one ${command === "jq" ? "filter" : "pattern"}.`,
    );
  if (command === "jq" && OTHER_FILE.test(pattern))
    throw new AppError("invalid_input", "A filter of jq cannot take in other files here.");
  return [pattern];
}
