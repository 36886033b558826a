import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../src/core/abort.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap.ts";
import { inspectFileTool } from "../../src/tools/code/inspect-file.ts";
import { runCodeTool } from "../../src/tools/code/run-code.ts";
import { runCommandTool } from "../../src/tools/code/run-command.ts";
import type { Tool, ToolScene } from "../../src/tools/tool.ts";

const deps = { sandbox: createBubblewrap(), allowedCommands: ["ls", "cat", "sort"] };
let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "agent-runtime-code-"));
  await mkdir(join(workspace, "inbox"));
  await writeFile(join(workspace, "list.txt"), "pear\napple\n");
  await writeFile(join(workspace, "inbox/mail.md"), "tea\n");
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const call = (tool: Tool, input: unknown) =>
  tool.run(tool.input.parse(input), { workspace } as ToolScene, NEVER);

test("runs an allowed program with its arguments, as they are", async () => {
  const run = runCommandTool(deps);
  expect((await call(run, { command: "sort", args: ["list.txt"] })).text).toBe("apple\npear\n");
  await expect(call(run, { command: "cat", args: ["$(id)", "; id", "*"] })).rejects.toThrow(
    /No such file/,
  );
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
  await expect(
    call(runCodeTool(deps, "python_code"), { code: "raise SystemExit(2)" }),
  ).rejects.toThrow("exit code 2");
  expect((await call(runCommandTool(deps), { command: "ls", args: ["-A"] })).text).toBe(
    "inbox\nlist.txt\nscratch\n",
  );
});

test("looks at a part of a file, and takes no option that does more", async () => {
  const inspect = inspectFileTool(deps);
  expect((await call(inspect, { command: "head", path: "list.txt", args: ["-n1"] })).text).toBe(
    "pear\n",
  );
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
    ["wc", ["--files0-from=x"]],
    ["grep", ["-f/etc/passwd"]],
    ["grep", ["a", "b"]],
    ["tail", ["-f"]],
  ] as const)
    await expect(
      call(inspect, { command, path: "list.txt", args: [...args] }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  await expect(call(inspect, { command: "head", path: "../x" })).rejects.toMatchObject({
    code: "invalid_input",
  });
});
