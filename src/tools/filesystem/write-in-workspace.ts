import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { folderToWrite, isFolder } from "./open-in-workspace.ts";
import { replaceFile } from "./replace-file.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/**
 * Writes a file of a workspace, whole and durable, in folders that are made where they are missing; also where no tool
 * but the caller may write. @throws AppError `invalid_input` for a link or a folder.
 */
export async function writeInWorkspace(
  workspace: string,
  path: WorkspacePath,
  text: string,
): Promise<void> {
  const folder = await folderToWrite(workspace, path);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await open(folder, flags).catch(() => {
    throw isExchanged(path);
  });
  try {
    // By what is open, not by its name: a program may exchange one of its folders for a link at any moment.
    const held = `/proc/self/fd/${handle.fd}`;
    const real = await realpath(held).catch(() => undefined);
    if (real !== undefined && real !== folder) throw isExchanged(path);
    const file = join(real === undefined ? folder : held, basename(path));
    await replaceFile(file, text).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EISDIR") throw isFolder(path);
      throw error;
    });
  } finally {
    await handle.close();
  }
}

function isExchanged(path: WorkspacePath): AppError {
  return new AppError("invalid_input", `${path} is behind a link, which is not followed.`);
}
