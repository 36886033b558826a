import { mkdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { randomBase32 } from "../../core/ids.ts";
import { readNames } from "./read-names.ts";
import { replaceFile } from "./replace-file.ts";
import { lookAt, type Stock } from "./stock.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/** One file for each program under way of which nobody knows what it writes: what has changed since is marked. */
const CHANGING = "ops/tainted/changing";
const NOTE =
  "A program that is not sandboxed works here, or did when the runtime ended. What has changed since this file was written counts as others' words.\n";
/** Longer than any call may take. */
const LONGEST_NS = 3_600_000_000_000n;

/** What is under way in this process, by the name of its file, with what lay in the workspace before. */
const here = new Map<string, Stock | undefined>();

export interface UnderWay {
  readonly name: string;
  /** By the clock of the disk. */
  readonly sinceNs: bigint;
}

/** Says that a program is about to begin. */
export async function begin(workspace: string): Promise<UnderWay> {
  const folder = join(workspace, CHANGING);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${hostname()},${process.pid},${randomBase32(16)}`;
  here.set(name, undefined);
  try {
    await replaceFile(join(folder, name), NOTE);
    return { name, sinceNs: await beganAt(workspace, name) };
  } catch (error) {
    here.delete(name);
    throw error;
  }
}

/** Takes note of what lay there before the program did anything. */
export function keepStock({ name }: UnderWay, stock: Stock): void {
  here.set(name, stock);
}

/** Others that have ended without an end, and left what they changed unmarked. */
export async function findLeft(workspace: string, mine: UnderWay): Promise<readonly UnderWay[]> {
  const names = await readNames(join(workspace, CHANGING));
  const others = await Promise.all(
    names
      .filter((name) => !here.has(name))
      .map(async (name) => ({ name, sinceNs: await beganAt(workspace, name) })),
  );
  return others.filter((one) => mine.sinceNs - one.sinceNs > LONGEST_NS || !isAlive(one.name));
}

/** All that they changed is marked. */
export async function end(workspace: string, ended: readonly UnderWay[]): Promise<void> {
  for (const { name } of ended) await rm(join(workspace, CHANGING, name), { force: true });
}

/** Nothing of it runs any more. Where its file is still there, what it changed is not marked, and the next one does it. */
export function leave({ name }: UnderWay): void {
  here.delete(name);
}

/** Whether any program is under way, or has ended without an end. */
export async function isAnyUnderWay(workspace: string): Promise<boolean> {
  return (await readNames(join(workspace, CHANGING))).length > 0;
}

/** Whether what lies there may have come from such a program. */
export async function isChanging(workspace: string, path: WorkspacePath): Promise<boolean> {
  const names = await readNames(join(workspace, CHANGING));
  if (names.length === 0) return false;
  const own = await lookAt(workspace, path);
  if (own === undefined) return false;
  const began = await Promise.all(names.map((name) => beganAt(workspace, name)));
  const isOther = names.some((name) => {
    const stock = here.get(name);
    return stock !== undefined && stock.get(path)?.print !== own.print;
  });
  return isOther || began.some((sinceNs) => own.changedAtNs >= sinceNs);
}

/** One that is gone has begun never. */
async function beganAt(workspace: string, name: string): Promise<bigint> {
  return await stat(join(workspace, CHANGING, name), { bigint: true }).then(
    ({ mtimeNs }) => mtimeNs,
    () => 1n << 64n,
  );
}

/** Whether a process that wrote such a file may still be at it. Of another machine nobody can say. */
function isAlive(name: string): boolean {
  const [machine, number = ""] = name.split(",");
  if (!/^\d{1,10}$/.test(number)) return false;
  if (machine !== hostname()) return true;
  const pid = Number(number);
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of somebody else, or not there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
