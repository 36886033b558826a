import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What a file takes at least: so many empty ones are no way around a limit. */
const BLOCK_BYTES = 4_096;
const AT_ONCE = 32;

/** What a file of this size takes. */
export function roomOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BLOCK_BYTES)) * BLOCK_BYTES;
}

/** What all that is in a folder takes. No link is followed; what goes meanwhile does not count. */
export async function measureFolder(folder: string, signal?: AbortSignal): Promise<number> {
  const folders = [folder];
  let bytes = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const here = next;
    const entries = await readdir(here, { withFileTypes: true }).catch(() => []);
    for (let at = 0; at < entries.length && signal?.aborted !== true; at += AT_ONCE) {
      const some = entries.slice(at, at + AT_ONCE);
      const taken = await Promise.all(some.map(({ name }) => measureOne(join(here, name))));
      bytes += taken.reduce((sum, one) => sum + one, 0);
      folders.push(...some.filter((one) => one.isDirectory()).map(({ name }) => join(here, name)));
    }
  }
  return bytes;
}

async function measureOne(path: string): Promise<number> {
  return await lstat(path).then(
    // As the disk counts it: a file may hold nothing over long stretches.
    ({ blocks }) => roomOf(blocks * 512),
    () => 0,
  );
}
