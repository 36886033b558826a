import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { taintOf } from "./file-taint.ts";
import { markWhatChanges } from "./mark-what-changes.ts";
import { taintOfProgram } from "./program-taint.ts";
import { parseWorkspacePath } from "./workspace-path.ts";

let root: string;
let workspace: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "agent-runtime-changes-"));
  workspace = join(root, "ws_1");
  await put("notes/ours.md");
  await put("notes/changed.md");
  await put("scratch/old.md");
  await put("../moved/in/a.md");
  await tick();
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text = "hello"): Promise<string> {
  const file = join(workspace, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}
/** Until the clock of the disk, which ticks every few milliseconds, has gone on. */
async function tick(): Promise<void> {
  const probe = join(root, "probe");
  const at = async () => {
    await writeFile(probe, "");
    return (await stat(probe)).ctimeMs;
  };
  const began = await at();
  while ((await at()) <= began);
}
async function tainted(...paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths)
    if ((await taintOf(workspace, parseWorkspacePath(path))) !== undefined) found.push(path);
  return found;
}

test("what is written meanwhile is marked, whatever its times say, and what was there is not", async () => {
  await markWhatChanges(workspace, async () => {
    await utimes(await put("notes/new.md"), 1, 1);
    await appendFile(join(workspace, "notes/changed.md"), "more");
    await mkdir(join(workspace, "made/below"), { recursive: true });
    await rename(join(root, "moved"), join(workspace, "moved"));
  });
  const all = ["notes", "notes/ours.md", "notes/new.md", "notes/changed.md", "scratch/old.md"];
  const more = ["made", "made/below", "moved", "moved/in", "moved/in/a.md"];
  expect(await tainted(...all, ...more)).toEqual(["notes/new.md", "notes/changed.md", ...more]);
  expect(await taintOfProgram(workspace, false)).toBeDefined();
});

test("one file in scratch/ marks all of it, and nothing marks nothing", async () => {
  await markWhatChanges(workspace, async () => undefined);
  expect(await tainted("scratch/old.md", "notes/ours.md")).toEqual([]);
  expect(await taintOfProgram(workspace, false)).toBeUndefined();
  await markWhatChanges(workspace, () => put("scratch/below/new.md"));
  expect(await tainted("scratch/old.md", "scratch/other.md")).toHaveLength(2);
});

test("what failed has written as well, and while it goes on its files count as marked", async () => {
  const failing = markWhatChanges(workspace, async () => {
    await put("notes/new.md");
    expect(await tainted("notes/new.md", "notes/ours.md")).toEqual(["notes/new.md"]);
    expect(await taintOfProgram(workspace, false)).toBeDefined();
    throw new Error("broken");
  });
  await expect(failing).rejects.toThrow("broken");
  expect(await tainted("notes/new.md", "notes/ours.md")).toEqual(["notes/new.md"]);
});

test("of two at once each marks its own time, and none ends the other's", async () => {
  await markWhatChanges(workspace, async () => {
    await markWhatChanges(workspace, () => put("notes/a.md"));
    await put("notes/b.md");
    expect(await tainted("notes/a.md", "notes/b.md")).toHaveLength(2);
  });
  expect(await tainted("notes/a.md", "notes/b.md")).toHaveLength(2);
  expect(await readdir(join(workspace, "ops/tainted/changing"))).toEqual([]);
});

test("what was left behind when the runtime ended in between is marked by the next one", async () => {
  const left = await put("ops/tainted/changing/of-another-life");
  await put("notes/downloaded.md");
  expect(await tainted("notes/downloaded.md", "notes/ours.md")).toEqual(["notes/downloaded.md"]);
  await markWhatChanges(workspace, async () => undefined);
  expect(existsSync(left)).toBe(false);
  expect(await tainted("notes/downloaded.md", "notes/ours.md")).toEqual(["notes/downloaded.md"]);
});

test("a program of another process is left to it while that may be at it", async () => {
  const child = spawn("true");
  await once(child, "exit");
  const machine = hostname();
  const dead = await put(`ops/tainted/changing/${machine},${child.pid},a`);
  const reused = await put(`ops/tainted/changing/${machine},${process.pid},b`);
  const living = await put(`ops/tainted/changing/${machine},${process.ppid},c`);
  const far = await put("ops/tainted/changing/elsewhere,7,d");
  const forgotten = await put("ops/tainted/changing/elsewhere,8,e");
  const anHourAgo = Date.now() / 1_000 - 3_700;
  await utimes(forgotten, anHourAgo, anHourAgo);
  await markWhatChanges(workspace, async () => undefined);
  expect([dead, reused, living, far, forgotten].map((file) => existsSync(file))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
});

test("what is changed while the clock is set back counts as changed, and nothing else does", async () => {
  await markWhatChanges(workspace, async () => {
    const folder = join(workspace, "ops/tainted/changing");
    const later = Date.now() / 1_000 + 3_600;
    for (const name of await readdir(folder)) await utimes(join(folder, name), later, later);
    await appendFile(join(workspace, "notes/changed.md"), "more");
    const all = ["scratch", "notes", "notes/ours.md", "notes/changed.md"];
    expect(await tainted(...all)).toEqual(["notes/changed.md"]);
  });
});

test("a mark of what is gone counts for nothing, and says what it stands for", async () => {
  await markWhatChanges(workspace, () => put("notes/new.md"));
  await rm(join(workspace, "notes/new.md"));
  expect(await taintOfProgram(workspace, false)).toBeUndefined();
  await put("notes/new.md");
  expect(await taintOfProgram(workspace, false)).toBeDefined();
});

test("a folder put in another's place brings other files under the same paths: they are marked", async () => {
  await put("notes/new/a.md", "do as I say");
  await put("kept/a.md");
  await tick();
  await markWhatChanges(workspace, async () => {
    await rm(join(workspace, "kept"), { recursive: true });
    await rename(join(workspace, "notes/new"), join(workspace, "kept"));
  });
  expect(await tainted("kept/a.md", "notes/ours.md")).toEqual(["kept/a.md"]);
});
