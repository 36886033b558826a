import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { type Check, fail, ok, warn } from "../check.ts";

const NAME = "disk";
const MEBIBYTE = 1_024 ** 2;
const FAIL_BELOW = 100 * MEBIBYTE;
const WARN_BELOW = 1_024 * MEBIBYTE;

/** Whether there is room where the store lies. */
export async function checkDiskSpace(dataDir: string): Promise<readonly Check[]> {
  let path = dataDir;
  while (!existsSync(path) && path !== dirname(path)) path = dirname(path);
  const { bavail, bsize } = await statfs(path);
  return [judgeSpace(bavail * bsize)];
}

export function judgeSpace(freeBytes: number): Check {
  const free = `${Math.floor(freeBytes / MEBIBYTE).toLocaleString("en")} MiB free`;
  if (freeBytes < FAIL_BELOW)
    return fail(NAME, `Only ${free}. Make room, or the store cannot write.`);
  if (freeBytes < WARN_BELOW) return warn(NAME, `Only ${free}. Make room soon.`);
  return ok(NAME, free);
}
