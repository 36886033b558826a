import { z } from "zod";
import { defineTool, type Tool } from "../tool.ts";
import {
  type CodeDeps,
  runProgram,
  sayWithoutWalls,
  sensitivityOfProgram,
  timeLimitOf,
} from "./run-in-sandbox.ts";

const LONGEST_CODE = 100_000;
const LANGUAGES = {
  python_code: { name: "Python 3", argv: ["python3", "-I", "-"] },
  node_code: { name: "JavaScript (Node)", argv: ["node", "-"] },
} as const;

/** Runs code that the model wrote, given to the interpreter as its input: no file is left behind. */
export function runCodeTool(deps: CodeDeps, tool: keyof typeof LANGUAGES): Tool {
  const { name, argv } = LANGUAGES[tool];
  return defineTool({
    name: tool,
    class: "code",
    description: `Runs ${name} in the workspace, without network; only scratch/ can be written. What it prints is the result.`,
    input: z.strictObject({ code: z.string().min(1).max(LONGEST_CODE) }),
    effect: "execute",
    timeLimitMs: timeLimitOf(deps),
    sensitivityOf: () => sensitivityOfProgram(deps, "guarded"),
    describe: ({ code }) => `Run this ${name}${sayWithoutWalls(deps)}:\n${code}`,
    run: ({ code }, scene, signal) => runProgram(deps, scene, argv, signal, code),
  });
}
