import type { Dirent } from "node:fs";
import { lstat, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { randomBase32 } from "../../core/ids.ts";
import { CHANGING, markFileTainted, SCRATCH } from "./file-taint.ts";
import { replaceFile } from "./replace-file.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/** Theirs is marked already, and the marks are ours. */
const LEFT_OUT: readonly string[] = ["inbox", "ops/tainted"];
const NOTE =
  "A program that is not sandboxed works here, or did when the runtime ended. What has changed since this file was written counts as others' words.\n";

/** What is under way in this process. What others have left there has ended without an end. */
const underWay = new Set<string>();

/**
 * Runs what brings others' words and may write anywhere in a workspace without saying where. Whatever changes meanwhile
 * is marked, by whoever it was; until then it counts as marked, also when the runtime ends before.
 */
export async function markWhatChanges<T>(workspace: string, run: () => Promise<T>): Promise<T> {
  const folder = join(workspace, CHANGING);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = randomBase32(16);
  underWay.add(name);
  try {
    await replaceFile(join(folder, name), NOTE);
    const before = new Map((await listAll(workspace)).map(({ path, file }) => [path, file]));
    try {
      return await run();
    } finally {
      await markChanged(workspace, before, name);
    }
  } finally {
    underWay.delete(name);
  }
}

async function markChanged(workspace: string, before: ReadonlyMap<string, string>, name: string) {
  const folder = join(workspace, CHANGING);
  const over = (await readdir(folder)).filter((one) => one === name || !underWay.has(one));
  const began = await Promise.all(over.map((one) => stat(join(folder, one))));
  const sinceMs = Math.min(...began.map(({ mtimeMs }) => mtimeMs));
  const changed = (await listAll(workspace))
    .filter(({ path, file, changedAtMs }) => before.get(path) !== file || changedAtMs >= sinceMs)
    .map(({ path }) => path);
  // One mark stands for all that is in there.
  const marked = new Set(changed.map((path) => (path.startsWith(SCRATCH) ? SCRATCH : path)));
  for (const path of marked) await markFileTainted(workspace, path);
  await Promise.all(over.map((one) => rm(join(folder, one), { force: true })));
}

interface Listed {
  readonly path: WorkspacePath;
  /** Which file it is: a folder that is put in another's place brings others under the same paths. */
  readonly file: string;
  /** Of a folder, when it was made: what is in it is listed by itself. */
  readonly changedAtMs: number;
}

/** No link is followed. */
async function listAll(workspace: string, folder = ""): Promise<readonly Listed[]> {
  const entries = await readdir(join(workspace, folder), { withFileTypes: true }).catch(() => []);
  const all: Listed[] = [];
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (LEFT_OUT.includes(path)) continue;
    if (path !== "scratch") all.push(await look(workspace, path, entry));
    if (entry.isDirectory()) all.push(...(await listAll(workspace, path)));
  }
  return all;
}

/** What is gone again, or has a name that is no text, may just have come. */
async function look(workspace: string, path: string, entry: Dirent): Promise<Listed> {
  const one = await lstat(join(workspace, path)).catch(() => undefined);
  const changedAtMs = entry.isDirectory() ? one?.birthtimeMs : one?.ctimeMs;
  return {
    path: path as WorkspacePath,
    file: one === undefined ? "gone" : `${one.dev}:${one.ino}`,
    changedAtMs: changedAtMs ?? Number.POSITIVE_INFINITY,
  };
}
