import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { defineTool, type Tool } from "../tool.ts";
import {
  type CodeDeps,
  runProgram,
  sayWithoutWalls,
  sensitivityOfProgram,
  timeLimitOf,
} from "./run-in-sandbox.ts";

const MOST_ARGUMENTS = 32;
const LONGEST_ARGUMENT = 512;

/** Runs an allowed program in the workspace, without a shell and without network. */
export function runCommandTool(deps: CodeDeps): Tool {
  return defineTool({
    name: "run_command",
    class: "code",
    description: `Runs a program in the workspace, without a shell and without network; only scratch/ can be written. Programs: ${deps.allowedCommands.join(", ")}.`,
    input: z.strictObject({
      command: z.string().regex(/^[A-Za-z0-9._+-]{1,64}$/, "the bare name of a program"),
      args: z.array(z.string().max(LONGEST_ARGUMENT)).max(MOST_ARGUMENTS).default([]),
    }),
    effect: "execute",
    timeLimitMs: timeLimitOf(deps),
    sensitivityOf({ command }) {
      // Nobody is asked about what would not run.
      requireAllowed(deps, command);
      return sensitivityOfProgram(deps, "guarded");
    },
    describe: ({ command, args }) =>
      `Run ${JSON.stringify([command, ...args])}${sayWithoutWalls(deps)}`,
    async run({ command, args }, scene, signal) {
      requireAllowed(deps, command);
      return await runProgram(deps, scene, [command, ...args], signal);
    },
  });
}

function requireAllowed({ allowedCommands }: CodeDeps, command: string): void {
  if (allowedCommands.includes(command)) return;
  throw new AppError(
    "access_denied",
    `${command} is not among the programs that may be run: ${allowedCommands.join(", ")}.`,
  );
}
