import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../src/core/abort.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap.ts";
import { createNoWalls } from "../../src/sandbox/no-walls.ts";
import { inspectFileTool } from "../../src/tools/code/inspect-file.ts";
import { runCodeTool } from "../../src/tools/code/run-code.ts";
import { runCommandTool } from "../../src/tools/code/run-command.ts";
import { readFileTool } from "../../src/tools/filesystem/read-file.ts";
import type { Tool, ToolScene } from "../../src/tools/tool.ts";

const LIMITS = {
  timeMs: 60_000,
  outputBytes: 20_000,
  memoryBytes: 4_096_000_000,
  processes: 64,
  fileBytes: 1_000_000,
  scratchBytes: 100_000_000,
};
const deps = {
  sandbox: createBubblewrap(),
  allowedCommands: ["ls", "cat", "sort"],
  limits: LIMITS,
};
let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "agent-runtime-code-"));
  await mkdir(join(workspace, "inbox"));
  await writeFile(join(workspace, "list.txt"), "pear\napple\n");
  await writeFile(join(workspace, "inbox/mail.md"), "tea\n");
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const call = (tool: Tool, input: unknown, isTainted = false) =>
  tool.run(tool.input.parse(input), { workspace, isTainted } as ToolScene, NEVER);

test("runs an allowed program with its arguments, as they are", async () => {
  const run = runCommandTool(deps);
  expect((await call(run, { command: "sort", args: ["list.txt"] })).text).toBe("apple\npear\n");
  const none = await call(run, { command: "cat", args: ["$(id)", "; id", "*"] });
  expect(none.isFailure).toBe(true);
  expect(none.text).toMatch(/No such file/);
  await expect(call(run, { command: "sh", args: ["-c", "id"] })).rejects.toMatchObject({
    code: "access_denied",
  });
  for (const command of ["../bin/cat", "/bin/cat", "cat x", "", "c\nat"])
    expect(run.input.safeParse({ command }).success).toBe(false);
});

test("runs code and leaves no file of it", async () => {
  expect(
    (await call(runCodeTool(deps, "python_code"), { code: "print(sum(range(10)))" })).text,
  ).toBe("45\n");
  expect((await call(runCodeTool(deps, "node_code"), { code: "console.log(6 * 7)" })).text).toBe(
    "42\n",
  );
  expect(
    await call(runCodeTool(deps, "python_code"), { code: "raise SystemExit(2)" }),
  ).toMatchObject({ isFailure: true, text: "It ended with exit code 2.\nIt wrote nothing." });
  expect((await call(runCommandTool(deps), { command: "ls", args: ["-A"] })).text).toBe(
    "inbox\nlist.txt\nops\nscratch\n",
  );
});

test("looks at a part of a file, and takes no option that does more", async () => {
  const inspect = inspectFileTool(deps);
  expect((await call(inspect, { command: "head", path: "list.txt", args: ["-n1"] })).text).toBe(
    "pear\n",
  );
  expect(
    (await call(inspect, { command: "tail", path: "list.txt", args: ["-n", "+2"] })).text,
  ).toBe("apple\n");
  expect((await call(inspect, { command: "grep", path: "list.txt", args: ["^a"] })).text).toBe(
    "2:apple\n",
  );
  expect((await call(inspect, { command: "wc", path: "list.txt", args: ["-l"] })).text).toBe(
    "2 ./list.txt\n",
  );
  expect((await call(inspect, { command: "tail", path: "inbox/mail.md" })).taintedBy).toBe(
    "the file inbox/mail.md",
  );
  for (const [command, args] of [
    ["head", ["/etc/passwd"]],
    ["head", ["5"]],
    ["tail", ["-n", "1", "+5"]],
    ["head", ["-n"]],
    ["wc", ["--files0-from=x"]],
    ["grep", ["-f/etc/passwd"]],
    ["grep", ["a", "b"]],
    ["tail", ["-f"]],
    ["jq", ['import "inbox/mail" as $m; $m']],
    ["jq", ['include "inbox/mail"; .']],
    ["jq", ['"inbox/mail" | modulemeta']],
  ] as const)
    await expect(
      call(inspect, { command, path: "list.txt", args: [...args] }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  await expect(call(inspect, { command: "head", path: "../x" })).rejects.toMatchObject({
    code: "invalid_input",
  });
});

test("says whose words a program may have come upon, also when it failed, and remembers it of what it left", async () => {
  const run = runCommandTool(deps);
  const failed = await call(run, { command: "cat", args: ["inbox/mail.md", "none"] });
  expect(failed).toMatchObject({ isFailure: true, text: expect.stringContaining("tea") });
  expect(failed.taintedBy).toMatch(/others' words/);

  const copied = "open('scratch/copy','w').write(open('inbox/mail.md').read())";
  await call(runCodeTool(deps, "python_code"), { code: copied });
  expect((await call(readFileTool, { path: "scratch/copy" })).taintedBy).toMatch(/scratch\/copy/);

  await rm(join(workspace, "inbox"), { recursive: true });
  await rm(join(workspace, "ops"), { recursive: true });
  expect((await call(run, { command: "ls" })).taintedBy).toBeUndefined();
  expect((await call(readFileTool, { path: "scratch/copy" })).taintedBy).toBeUndefined();
  expect((await call(run, { command: "ls" }, true)).taintedBy).toBeDefined();
});

test("follows no link to a file whose words are others'", async () => {
  const link =
    "import os; os.symlink('../inbox', 'scratch/l'); os.symlink('../inbox/mail.md', 'scratch/m')";
  await call(runCodeTool(deps, "python_code"), { code: link });
  for (const path of ["scratch/l/mail.md", "scratch/m"])
    for (const [tool, input] of [
      [inspectFileTool(deps), { command: "head", path }],
      [readFileTool, { path }],
    ] as const)
      await expect(call(tool, input)).rejects.toMatchObject({ code: "invalid_input" });
});

test("has no say of its own without walls: every program goes out to the world", async () => {
  const bare = { ...deps, sandbox: createNoWalls() };
  for (const [tool, input] of [
    [inspectFileTool(bare), { command: "head", path: "list.txt", args: [] }],
    [runCommandTool(bare), { command: "ls", args: [] }],
    [runCodeTool(bare, "python_code"), { code: "1" }],
    [runCodeTool(bare, "node_code"), { code: "1" }],
  ] as const)
    expect([tool.name, tool.sensitivityOf(input)]).toEqual([tool.name, "outward"]);
  expect(runCommandTool(deps).sensitivityOf({ command: "ls" })).toBe("guarded");
  expect(inspectFileTool(deps).sensitivityOf({})).toBe("read");
});

test("what fills scratch/ is ended, and can write nothing there until there is room", async () => {
  const few = { ...deps, limits: { ...LIMITS, scratchBytes: 3_000_000 } };
  const python = (code: string) => call(runCodeTool(few, "python_code"), { code });
  const fill =
    "import time\nfor n in range(200): open(f'scratch/{n}', 'wb').write(b'x' * 500_000); time.sleep(0.05)";
  expect((await python(fill)).text).toMatch(/^It was ended. scratch\/ is full/);
  const unnoticed = await python("open('scratch/more', 'w').write('x')");
  expect(unnoticed.text).toContain("scratch/ is full");
  expect((await stat(join(workspace, "scratch/more"))).size).toBe(0);
  const emptied = "import os\nfor one in os.listdir('scratch'): os.remove(f'scratch/{one}')";
  expect((await python(emptied)).isFailure).toBeUndefined();
  expect((await python("open('scratch/more', 'w').write('x')")).isFailure).toBeUndefined();
});
