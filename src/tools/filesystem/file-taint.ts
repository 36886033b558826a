import { type FileHandle, lstat, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../core/ids.ts";
import { readFrontMatter } from "../../core/memory/front-matter.ts";
import { replaceFile } from "./replace-file.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/** One small file for each path whose text may be a stranger's, with the path in it. No tool can write there; who keeps the files may delete. */
const MARKS = "ops/tainted";
/** One for each program under way of which nobody knows what it writes: what has changed since is marked. */
export const CHANGING = `${MARKS}/changing`;
/** What came from outside. */
const INBOX = "inbox/";
/** Programs say of no file that they write it: after those that could read others' words, it is any of these. */
export const SCRATCH = "scratch/" as WorkspacePath;
/** Far more than anybody writes between the marks at the beginning of a file. */
const HEAD_BYTES = 64_000;

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

/**
 * Before a program runs in the workspace, which may read all of it: whose words it may come upon. What it leaves in
 * scratch/ may hold them, too.
 */
export async function taintOfProgram(
  workspace: string,
  isRunTainted: boolean,
): Promise<string | undefined> {
  if (!isRunTainted && !(await holdsOthersWords(workspace))) return undefined;
  await markFileTainted(workspace, SCRATCH);
  return "what a program found in the workspace, where others' words are";
}

/** The same where the names are ours, and only what is in the file is not. */
export async function markFileTainted(workspace: string, path: WorkspacePath): Promise<void> {
  await replaceFile(markOf(workspace, path), `${path}\n`);
}

/** Marks of what is gone count for nothing. */
async function holdsOthersWords(workspace: string): Promise<boolean> {
  const [inbox = [], changing = [], marks = []] = await Promise.all(
    [INBOX, CHANGING, MARKS].map((folder) => readdir(join(workspace, folder)).catch(() => [])),
  );
  if (inbox.length > 0 || changing.length > 0) return true;
  for (const mark of marks) {
    const file = await readFile(join(workspace, MARKS, mark), "utf8").catch(() => undefined);
    if (file !== undefined && (await holdsAnything(workspace, file.replace(/\n$/, ""))))
      return true;
  }
  return false;
}

/** A mark that names no path counts, too: nobody knows what it stands for. */
async function holdsAnything(workspace: string, path: string): Promise<boolean> {
  // The name of what is there may be no text.
  if (path !== SCRATCH) return path.includes("\ufffd") || (await isThere(join(workspace, path)));
  return (await readdir(join(workspace, path)).catch(() => [])).length > 0;
}

async function isChanging(workspace: string, path: WorkspacePath): Promise<boolean> {
  const folder = join(workspace, CHANGING);
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return false;
  const own = await lstat(join(workspace, path)).catch(() => undefined);
  const began = await Promise.all(
    names.map((name) => stat(join(folder, name)).catch(() => undefined)),
  );
  return began.some((one) => one !== undefined && own !== undefined && own.ctimeMs >= one.mtimeMs);
}

/** Whether a mark of its own stands for it. */
export async function hasMark(workspace: string, path: WorkspacePath): Promise<boolean> {
  return await isThere(markOf(workspace, path));
}

/** Of a link, it itself. */
async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

function markOf(workspace: string, path: WorkspacePath): string {
  return join(workspace, MARKS, sha256Hex(path));
}
