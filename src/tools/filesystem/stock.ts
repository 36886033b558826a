import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { WorkspacePath } from "./workspace-path.ts";

/** What lies there is others' already, and the marks are ours. */
const NOT_INTO: readonly string[] = ["inbox", "ops/tainted"];
/** More would only wait for one another. */
const AT_ONCE = 64;

/** What lies under a path. */
export interface Look {
  /** Another whenever something else lies there, or something else is in it. Of a folder only which one it is: what is in it is looked at by itself. */
  readonly print: string;
  /** When it last changed, in nanoseconds, by the clock of the disk; of a folder, when it was made. */
  readonly changedAtNs: bigint;
}

/** Looks at one path. No link is followed. */
export async function lookAt(workspace: string, path: string): Promise<Look | undefined> {
  const one = await lstat(join(workspace, path), { bigint: true }).catch(() => undefined);
  return one === undefined ? undefined : describe(one);
}

export type Stock = ReadonlyMap<WorkspacePath, Look>;

/** What is gone again, or has a name that is no text, may just have come. */
const UNSEEN: Look = { print: "unseen", changedAtNs: 1n << 64n };

/**
 * Looks at all that lies in a workspace, save in its inbox and among the marks. By its times alone a change is not found where the
 * clock was set back, by its size alone not where as much was written.
 */
export async function takeStock(workspace: string): Promise<Stock> {
  const stock = new Map<WorkspacePath, Look>();
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const found = await list(workspace, folder);
    for (let at = 0; at < found.length; at += AT_ONCE) {
      const some = found.slice(at, at + AT_ONCE);
      const looks = await Promise.all(some.map(({ path }) => lookAt(workspace, path)));
      for (const [index, look] of looks.entries()) {
        const { path, entry } = some[index] as (typeof some)[number];
        stock.set(path as WorkspacePath, look ?? UNSEEN);
        if (entry.isDirectory() && !NOT_INTO.includes(path)) folders.push(path);
      }
    }
  }
  return stock;
}

async function list(workspace: string, folder: string) {
  const entries = await readdir(join(workspace, folder), { withFileTypes: true }).catch(
    (): Dirent[] => [],
  );
  return entries.map((entry) => ({
    entry,
    path: folder === "" ? entry.name : `${folder}/${entry.name}`,
  }));
}

function describe(one: BigIntStats): Look {
  const { dev, ino, size, mtimeNs, ctimeNs } = one;
  if (one.isDirectory()) return { print: `${dev}:${ino}`, changedAtNs: one.birthtimeNs };
  return { print: [dev, ino, size, mtimeNs, ctimeNs].join(":"), changedAtNs: ctimeNs };
}
