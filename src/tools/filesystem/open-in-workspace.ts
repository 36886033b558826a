import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/**
 * Opens a file of a workspace for reading. No link is followed: what a path names is what lies there, and whose words it
 * holds is known by its path.
 * @throws AppError `not_found`, or `invalid_input` for a folder, a device or a link.
 */
export async function openInWorkspace(workspace: string, path: WorkspacePath): Promise<FileHandle> {
  const root = await realRoot(workspace);
  // Without blocking, so that a named pipe holds up nothing.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(root, path), flags).catch((error) => {
    throw describeOpen(error, path);
  });
  try {
    await requireInside(root, file, path);
    const found = await file.stat();
    if (found.isDirectory()) throw isFolder(path);
    if (!found.isFile()) throw new AppError("invalid_input", `${path} is no file.`);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The real folder that a file of the workspace is written into, made where it is missing. @throws AppError as above. */
export async function folderToWrite(workspace: string, path: WorkspacePath): Promise<string> {
  await mkdir(workspace, { recursive: true, mode: 0o700 });
  const root = await realRoot(workspace);
  let folder = root;
  for (const name of dirname(path)
    .split("/")
    .filter((one) => one !== ".")) {
    folder = join(folder, name);
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw describeOpen(error, path);
    });
    if ((await lstat(folder)).isFile())
      throw new AppError("invalid_input", `${relative(root, folder)} is a file and no folder.`);
    // One at a time: nothing is made behind a link.
    if ((await realpath(folder)) !== folder) throw isLink(path);
  }
  return folder;
}

async function realRoot(workspace: string): Promise<string> {
  return await realpath(workspace).catch(() => {
    throw new AppError("not_found", "The workspace has no files yet.");
  });
}

/** Asked of the open file, so that nothing can be exchanged in between. */
async function requireInside(root: string, file: FileHandle, path: WorkspacePath): Promise<void> {
  const real = await realpath(`/proc/self/fd/${file.fd}`).catch(() => realpath(join(root, path)));
  if (real !== join(root, path)) throw isLink(path);
}

function isLink(path: WorkspacePath): AppError {
  return new AppError("invalid_input", `${path} is behind a link, which is not followed.`);
}

export function isFolder(path: WorkspacePath): AppError {
  const named = path === "" ? "The workspace itself" : path;
  return new AppError("invalid_input", `${named} is a folder. list_files shows what is in it.`);
}

function describeOpen(error: NodeJS.ErrnoException, path: WorkspacePath): Error {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new AppError("not_found", `There is no file ${path}.`);
    case "ELOOP":
      return isLink(path);
    case "EISDIR":
      return isFolder(path);
    default:
      return error;
  }
}
