import { readdir } from "node:fs/promises";

/** What lies in a folder; of one that is not there, nothing. What cannot be looked at may hold anything: that throws. */
export async function readNames(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}
