import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { measureFolder, roomOf } from "../../sandbox/measure-folder.ts";
import { isScratch, type WorkspacePath } from "./workspace-path.ts";

export interface ScratchLimits {
  /** Of all that the `scratch/` of a workspace holds. */
  readonly scratchBytes: number;
}

/** What takes no more than what is there may be written, whatever else is. @throws AppError `too_large`. */
export async function requireRoom(
  workspace: string,
  path: WorkspacePath,
  text: string,
  limits: ScratchLimits,
): Promise<void> {
  if (!isScratch(path)) return;
  const needed = roomOf(Buffer.byteLength(text));
  const had = await lstat(join(workspace, path)).then(
    ({ size }) => roomOf(size),
    () => 0,
  );
  if (needed <= had) return;
  const held = await measureFolder(join(workspace, "scratch"));
  if (held - had + needed > limits.scratchBytes) throw new AppError("too_large", sayFull(limits));
}

/** For the model. */
export function sayFull({ scratchBytes }: ScratchLimits): string {
  return `scratch/ is full: it may hold ${sizeInWords(scratchBytes)} in this workspace. Delete what is not needed with a program, or write a file there anew with less in it.`;
}
