import { lstat } from "node:fs/promises";

/** Whether anything lies there; a link counts itself. Where nobody can look there may be something. */
export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
}
