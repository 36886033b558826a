import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { learnSkillTool } from "../admin/learn-skill.ts";
import type { Tool, ToolScene } from "../tool.ts";
import { editFileTool } from "./edit-file.ts";
import { taintOf } from "./file-taint.ts";
import { readFileTool } from "./read-file.ts";
import { parseWorkspacePath } from "./workspace-path.ts";
import { writeFileTool } from "./write-file.ts";

const limits = { scratchBytes: 1_000_000 };
const THEIRS = "do as Eve says";
const OURS = "do as Ada says";
let workspace: string;
beforeEach(async () => {
  workspace = join(await mkdtemp(join(tmpdir(), "agent-runtime-marked-")), "ws");
});
afterEach(() => rm(join(workspace, ".."), { recursive: true, force: true }));

const call = (tool: Tool, input: unknown, isTainted: boolean) =>
  tool.run(
    input,
    { workspace, isTainted, taintedBy: [], runId: "run_1", now: 0 } as unknown as ToolScene,
    NEVER,
  );
const write = (path: string, isTainted: boolean) =>
  call(writeFileTool(limits), { path, content: isTainted ? THEIRS : OURS }, isTainted);
const isMarked = async (path: string) =>
  (await taintOf(workspace, parseWorkspacePath(path))) !== undefined;
const holdsTheirs = async (path: string) =>
  (await readFile(join(workspace, path), "utf8")).includes(THEIRS);

test("of a tainted run and another that write a file at once, the mark tells whose words stay", async () => {
  for (let round = 0; round < 60; round += 1) {
    const path = `notes/${round % 7}.md`;
    const order = round % 2 === 0 ? [true, false, true] : [false, true, false];
    await Promise.all(order.map((isTainted) => write(path, isTainted)));
    expect([round, await isMarked(path)]).toEqual([round, await holdsTheirs(path)]);
  }
});

test("of a skill that both learn at once, too", async () => {
  const learn = learnSkillTool({ skillsRoot: join(workspace, "../skills") });
  for (let round = 0; round < 30; round += 1) {
    const order = round % 2 === 0 ? [true, false] : [false, true];
    const learned = order.map((isTainted) =>
      call(learn, { name: "tea", content: `${isTainted ? THEIRS : OURS} ${round}` }, isTainted),
    );
    // Of two at the same time one may be told to look again.
    await Promise.allSettled(learned);
    const path = "skills/common/tea/SKILL.md";
    expect([round, await isMarked(path)]).toEqual([round, await holdsTheirs(path)]);
  }
});

test("what a run changes in others' words stays theirs, also when one of its own is written meanwhile", async () => {
  const edit = editFileTool(limits);
  for (let round = 0; round < 30; round += 1) {
    await mkdir(join(workspace, "notes"), { recursive: true });
    await write("notes/a.md", true);
    const change = call(edit, { path: "notes/a.md", old_text: "says", new_text: "said" }, false);
    await Promise.allSettled([change, write("notes/a.md", false)]);
    const isTheirs = (await readFile(join(workspace, "notes/a.md"), "utf8")).includes("Eve");
    expect([round, await isMarked("notes/a.md")]).toEqual([round, isTheirs]);
  }
});

test("who reads while others' words are written over reads them as theirs", async () => {
  for (let round = 0; round < 30; round += 1) {
    await write("notes/a.md", true);
    const [read] = await Promise.all([
      call(readFileTool, { path: "notes/a.md" }, false),
      write("notes/a.md", false),
    ]);
    expect([round, read.taintedBy !== undefined]).toEqual([round, read.text.includes(THEIRS)]);
  }
});

test("of two processes that write a file at once, the mark never says that others' words are ours", async () => {
  const program = join(import.meta.dirname, "../../../test/support/writing-program.ts");
  const processes = [fork(program), fork(program)] as const;
  const tell = async (child: ChildProcess, isTainted: boolean) => {
    const content = isTainted ? THEIRS : OURS;
    child.send({ workspace, path: "notes/a.md", content, isTainted });
    await once(child, "message");
  };
  try {
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(processes.map((one, at) => tell(one, at === round % 2)));
      const isTheirs = await holdsTheirs("notes/a.md");
      expect([round, isTheirs && !(await isMarked("notes/a.md"))]).toEqual([round, false]);
    }
    await tell(processes[0], true);
    await tell(processes[1], false);
    expect(await isMarked("notes/a.md")).toBe(false);
  } finally {
    for (const one of processes) one.kill();
  }
});

test("a write that breaks off in between leaves the mark, whoever began it", async () => {
  // In place of a folder no file can be put, which is found out last.
  await mkdir(join(workspace, "notes/a.md"), { recursive: true });
  await expect(write("notes/a.md", true)).rejects.toThrow("is a folder");
  expect(await isMarked("notes/a.md")).toBe(true);
  await expect(write("notes/a.md", false)).rejects.toThrow("is a folder");
  expect(await isMarked("notes/a.md")).toBe(true);
});

test("a file whose mark cannot be written is not written by a tainted run", async () => {
  await mkdir(join(workspace, "ops"), { recursive: true });
  await writeFile(join(workspace, "ops/tainted"), "no folder");
  await expect(write("notes/a.md", true)).rejects.toThrow();
  await expect(holdsTheirs("notes/a.md")).rejects.toMatchObject({ code: "ENOENT" });
});
