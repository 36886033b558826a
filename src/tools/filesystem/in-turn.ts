import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { WorkspacePath } from "./workspace-path.ts";

const busy = new Map<string, Promise<unknown>>();

/**
 * One after another for each file, however its workspace is spelt: what is in a file and the mark that says whose words
 * those are change together. Of this process only; none may wait for another of the same file.
 */
export async function inTurn<T>(
  workspace: string,
  path: WorkspacePath,
  act: () => Promise<T>,
): Promise<T> {
  await mkdir(workspace, { recursive: true, mode: 0o700 });
  const file = join(await realpath(workspace), path);
  const before = busy.get(file) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(act);
  busy.set(file, mine);
  try {
    return await mine;
  } finally {
    if (busy.get(file) === mine) busy.delete(file);
  }
}
