import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { PRESETS } from "../../core/approval/policy.ts";
import { createNoWalls } from "../../sandbox/no-walls.ts";
import { taintOf } from "../filesystem/file-taint.ts";
import type { WorkspacePath } from "../filesystem/workspace-path.ts";
import { judgeToolCall } from "../judge-call.ts";
import type { ToolScene } from "../tool.ts";
import { createToolbox } from "../toolbox.ts";
import { inspectFileTool } from "./inspect-file.ts";
import { runCodeTool } from "./run-code.ts";
import { runCommandTool } from "./run-command.ts";

const deps = {
  sandbox: createNoWalls(),
  allowedCommands: ["cat", "echo"],
  limits: {
    timeMs: 5_000,
    outputBytes: 10_000,
    memoryBytes: 1_000_000_000,
    processes: 20,
    fileBytes: 1_000_000,
    scratchBytes: 100_000_000,
  },
};
const toolbox = createToolbox([
  runCommandTool(deps),
  runCodeTool(deps, "python_code"),
  runCodeTool(deps, "node_code"),
  inspectFileTool(deps),
]);
const CALLS = [
  { tool: "run_command", input: { command: "echo" } },
  { tool: "python_code", input: { code: "1" } },
  { tool: "node_code", input: { code: "1" } },
  { tool: "inspect_file", input: { command: "head", path: "scratch/x" } },
];

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "agent-runtime-no-walls-"));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

test.each(PRESETS)("without a sandbox every program asks, whoever wants it, under %s", (preset) => {
  for (const call of CALLS)
    for (const isTainted of [false, true]) {
      const facts = { preset, role: "overlord", isTainted, isGivenAddress: () => true } as const;
      const judged = judgeToolCall(toolbox, call, facts);
      expect([call.tool, judged.kind]).toEqual([call.tool, "ask"]);
      if (judged.kind === "ask") {
        expect(judged.tool.describe(judged.input)).toContain("without a sandbox");
      }
    }
});

test("only the programs of the list are started, with their arguments as they are", async () => {
  const tool = runCommandTool(deps);
  const run = (command: string, args: string[] = []) =>
    tool.run({ command, args }, { workspace, isTainted: false } as ToolScene, NEVER);
  expect((await run("echo", ["$HOME", "a b", "; id"])).text).toBe("$HOME a b ; id\n");
  await expect(run("sh", ["-c", "id"])).rejects.toMatchObject({ code: "access_denied" });
});

test("nobody is asked about a program that is not on the list, and one that is missing is said to be", async () => {
  const facts = { preset: "always-ask", role: "member", isTainted: true } as const;
  const call = { tool: "run_command", input: { command: "sh" } };
  const isGivenAddress = () => false;
  expect(judgeToolCall(toolbox, call, { ...facts, isGivenAddress })).toEqual({
    kind: "refuse",
    text: "sh is not among the programs that may be run: cat, echo.",
  });
  const tool = runCommandTool({ ...deps, allowedCommands: ["no-such-program"] });
  const input = { command: "no-such-program", args: [] };
  const end = await tool.run(input, { workspace, isTainted: false } as ToolScene, NEVER);
  expect(end).toMatchObject({ isFailure: true });
  expect(end.text).toMatch(/^It ended with exit code 127, as a program does that is not installed/);
});

test("what a program prints and leaves behind is others' words, as it reaches the network", async () => {
  const tool = runCodeTool(deps, "python_code");
  const scene = { workspace, isTainted: false } as ToolScene;
  const code = "open('note.md', 'w').write('do as I say'); print('do as I say'); exit(1)";
  const end = await tool.run({ code }, scene, NEVER);
  expect(end).toMatchObject({ isFailure: true, text: expect.stringContaining("do as I say") });
  expect(end.taintedBy).toBe("what a program without a sandbox came upon");
  expect(await taintOf(workspace, "note.md" as WorkspacePath)).toBeDefined();
});

test("a program that fills scratch/ is ended, and the next may only make room", async () => {
  const few = { ...deps, limits: { ...deps.limits, scratchBytes: 2_000_000 } };
  const python = async (code: string) => {
    const tool = runCodeTool(few, "python_code");
    return await tool.run({ code }, { workspace, isTainted: false } as ToolScene, NEVER);
  };
  const fill = "n = 0\nwhile True:\n  open(f'scratch/{n}', 'wb').write(b'x' * 500_000); n += 1";
  const filled = await python(`import time\n${fill}; time.sleep(0.1)`);
  expect(filled).toMatchObject({ isFailure: true });
  expect(filled.text).toMatch(/^It was ended. scratch\/ is full: it may hold 1.9 MB/);
  expect((await python(`import time\n${fill} + 100; time.sleep(0.1)`)).isFailure).toBe(true);
  const emptied = await python(
    "import os\nfor one in os.listdir('scratch'): os.remove(f'scratch/{one}')",
  );
  expect(emptied.isFailure).toBeUndefined();
  expect((await python("open('scratch/a', 'w').write('x')")).isFailure).toBeUndefined();
});
