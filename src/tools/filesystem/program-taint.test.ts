import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../../../test/support/fake-clock.ts";
import { NEVER } from "../../core/abort.ts";
import type { ToolScene } from "../tool.ts";
import { markFileTainted, SCRATCH, taintOf } from "./file-taint.ts";
import { taintOfProgram, watchProgram } from "./program-taint.ts";
import { parseWorkspacePath } from "./workspace-path.ts";
import { writeFileTool } from "./write-file.ts";

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "agent-runtime-programs-"));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

async function put(path: string): Promise<void> {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), "hello");
}
const mark = (path: string) => markFileTainted(workspace, parseWorkspacePath(path));
const isScratchMarked = async () =>
  (await taintOf(workspace, parseWorkspacePath("scratch/a"))) !== undefined;
const marks = async () => (await readdir(join(workspace, "ops/tainted"))).length;
const write = (path: string, isTainted: boolean) => {
  const scene = { workspace, isTainted } as ToolScene;
  return writeFileTool({ scratchBytes: 1_000_000 }).run({ path, content: "x" }, scene, NEVER);
};

test("what others' words came and went while a program ran it may have read, and left in scratch/", async () => {
  await write("notes/a.md", true);
  await rm(join(workspace, "notes"), { recursive: true });
  expect((await watchProgram(workspace, false, async () => 1)).taintedBy).toBeUndefined();
  const { taintedBy } = await watchProgram(workspace, false, async () => {
    await write("notes/a.md", true);
    await write("notes/a.md", false);
  });
  expect([taintedBy, await isScratchMarked()]).toEqual([expect.any(String), true]);
});

test("so it is of a program that was stopped", async () => {
  const stopped = watchProgram(workspace, false, async () => {
    await put("inbox/mail.txt");
    throw new Error("stopped");
  });
  await expect(stopped).rejects.toThrow("stopped");
  expect(await isScratchMarked()).toBe(true);
});

test("marks of what has been gone for an hour go, and no others", async () => {
  await mark("notes/gone.md");
  await mark("notes/back.md");
  await mark("notes/anew.md");
  await markFileTainted(workspace, SCRATCH);
  const clock = createFakeClock();
  const look = () => taintOfProgram(workspace, false, clock);
  expect(await look()).toBeUndefined();
  clock.advance(3_599_999);
  expect(await look()).toBeUndefined();
  expect(await marks()).toBe(4);
  await put("notes/back.md");
  expect(await look()).toBeDefined();
  await rm(join(workspace, "notes/back.md"));
  await mark("notes/anew.md");
  clock.advance(1);
  expect(await look()).toBeUndefined();
  expect(await marks()).toBe(3);
  clock.advance(3_600_000);
  expect(await look()).toBeUndefined();
  expect(await marks()).toBe(0);
});

test("a mark that a crash left half written stands for nothing, one that cannot be read for everything", async () => {
  await put("ops/tainted/abc.1234.tmp");
  await put("ops/tainted/changing.tmp");
  expect(await taintOfProgram(workspace, false)).toBeUndefined();
  await mkdir(join(workspace, "ops/tainted/abc"));
  expect(await taintOfProgram(workspace, false)).toBeDefined();
});
