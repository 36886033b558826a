import { type FileHandle, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../core/ids.ts";
import { readFrontMatter } from "../../core/memory/front-matter.ts";
import { inTurn } from "./in-turn.ts";
import { isThere } from "./is-there.ts";
import { replaceFile, syncDirectory } from "./replace-file.ts";
import { isChanging } from "./under-way.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/** One small file for each path whose text may be a stranger's, with the path in it. No tool can write there; who keeps the files may delete. */
export const MARKS = "ops/tainted";
/** What came from outside. */
export const INBOX = "inbox/";
/** Programs say of no file that they write it: after those that could read others' words, it is any of these. */
export const SCRATCH = "scratch/" as WorkspacePath;
/** Far more than anybody writes between the marks at the beginning of a file. */
const HEAD_BYTES = 64_000;
const AT_ONCE = 32;

/** Whose words a file holds, for whoever approves later; `undefined`: only ours. */
export async function taintOf(workspace: string, path: WorkspacePath): Promise<string | undefined> {
  if (`${path}/`.startsWith(INBOX)) return `the file ${path}`;
  const isMarked =
    (await hasMark(workspace, path)) ||
    (path.startsWith(SCRATCH) && (await hasMark(workspace, SCRATCH))) ||
    (await isChanging(workspace, path));
  return isMarked ? `the file ${path}, written after reading what others wrote` : undefined;
}

/** The same of a file that is open, whose own first lines may say so, too. */
export async function taintOfOpen(
  workspace: string,
  path: WorkspacePath,
  file: FileHandle,
): Promise<string | undefined> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
  const isMarked = readFrontMatter(buffer.toString("utf8", 0, bytesRead)).taintedBy.length > 0;
  return (await taintOf(workspace, path)) ?? (isMarked ? `the file ${path}` : undefined);
}

/** Whose words the names in a folder may be. */
export async function taintOfNames(
  workspace: string,
  folder: WorkspacePath,
  names: readonly string[],
): Promise<string | undefined> {
  const paths = names.map((name) => (folder === "" ? name : `${folder}/${name}`) as WorkspacePath);
  const taints = await Promise.all([
    ...(folder === "" ? [] : [taintOf(workspace, folder)]),
    ...paths.filter((path) => path !== "inbox").map((path) => taintOf(workspace, path)),
  ]);
  const isTainted = taints.some((one) => one !== undefined);
  return isTainted ? `the names of the files in ${folder || "the workspace"}` : undefined;
}

/** Comes after the whole file was written anew. */
export async function unmarkTainted(workspace: string, path: WorkspacePath): Promise<void> {
  await rm(markOf(workspace, path), { force: true });
}

/** Comes before others' words are written there, so that no crash leaves them unmarked. */
export async function markFileTainted(workspace: string, path: WorkspacePath): Promise<void> {
  await replaceFile(markOf(workspace, path), `${path}\n`);
}

/**
 * The same of all that somebody else has written, durable when it settles. A crash before may leave marks that name
 * nothing: they count for everything.
 */
export async function markAllTainted(
  workspace: string,
  paths: readonly WorkspacePath[],
): Promise<void> {
  const folder = join(workspace, MARKS);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mark = (path: WorkspacePath) =>
    inTurn(workspace, path, () => writeFile(markOf(workspace, path), `${path}\n`, { mode: 0o600 }));
  for (let at = 0; at < paths.length; at += AT_ONCE)
    await Promise.all(paths.slice(at, at + AT_ONCE).map(mark));
  // Of many at once only the folder: to wait for the disk with each takes minutes.
  await syncDirectory(folder);
}

/** Whether a mark of its own stands for it. */
export async function hasMark(workspace: string, path: WorkspacePath): Promise<boolean> {
  return await isThere(markOf(workspace, path));
}

function markOf(workspace: string, path: WorkspacePath): string {
  return join(workspace, MARKS, sha256Hex(path));
}
