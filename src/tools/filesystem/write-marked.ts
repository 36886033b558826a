import { dirname, join } from "node:path";
import { hasMark, markFileTainted, unmarkTainted } from "./file-taint.ts";
import { isThere } from "./is-there.ts";
import { readText } from "./read-file.ts";
import type { WorkspacePath } from "./workspace-path.ts";
import { writeInWorkspace } from "./write-in-workspace.ts";

export interface MarkedWrite {
  /** The whole of it. */
  readonly text: string;
  /** Whether others' words may be in it. */
  readonly isTainted: boolean;
  /** Folders whose names the run chose as well. */
  readonly folders?: readonly WorkspacePath[];
}

/**
 * Writes a file of a workspace with the mark that says whose words are in it. The mark is there before others' words are,
 * and goes after they have gone: wherever it ends, none of them is unmarked. To be called `inTurn`; what another process
 * may have done to the mark meanwhile is mended.
 */
export async function writeMarked(
  workspace: string,
  path: WorkspacePath,
  { text, isTainted, folders = [] }: MarkedWrite,
): Promise<void> {
  const named = [...folders, path];
  if (isTainted) await markAll(workspace, named);
  await writeInWorkspace(workspace, path, text);
  const marked = await findMarked(workspace, named);
  if (isTainted) {
    await markAll(
      workspace,
      named.filter((one) => !marked.includes(one)),
    );
  } else if (marked.length > 0) {
    for (const one of marked) await unmarkTainted(workspace, one);
    const isOurs = (await readText(workspace, path).catch(() => undefined)) === text;
    if (!isOurs) await markAll(workspace, marked);
  }
}

/** The folders that writing a file makes. Their names are words, too. */
export async function findNewFolders(
  workspace: string,
  path: WorkspacePath,
): Promise<readonly WorkspacePath[]> {
  const missing: WorkspacePath[] = [];
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    if (await isThere(join(workspace, folder))) break;
    if (folder !== "scratch") missing.push(folder as WorkspacePath);
  }
  return missing;
}

async function findMarked(workspace: string, paths: readonly WorkspacePath[]) {
  const marked: WorkspacePath[] = [];
  for (const one of paths) if (await hasMark(workspace, one)) marked.push(one);
  return marked;
}

async function markAll(workspace: string, paths: readonly WorkspacePath[]): Promise<void> {
  for (const one of paths) await markFileTainted(workspace, one);
}
