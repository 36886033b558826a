import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../core/clock.ts";
import { hasMark, INBOX, MARKS, markFileTainted, SCRATCH } from "./file-taint.ts";
import { inTurn } from "./in-turn.ts";
import { isThere } from "./is-there.ts";
import { readNames } from "./read-names.ts";
import { isAnyUnderWay } from "./under-way.ts";
import type { WorkspacePath } from "./workspace-path.ts";

const FOUND = "what a program found in the workspace, where others' words are";
const AT_ONCE = 64;
/** A file that was only moved away is back by then. */
const GONE_FOR_MS = 3_600_000;

/** The name of what is there may be no text. */
const NO_TEXT = "\ufffd";
const UNREADABLE = { path: NO_TEXT as WorkspacePath, print: "" };

/** Marks of what is not there: which mark it was, and since when this process has known. */
const gone = new Map<string, { readonly print: string; readonly sinceMs: number }>();

/**
 * Runs a program that may read all of a workspace and write its scratch/, and says whose words it may have come upon.
 * What it leaves in scratch/ may hold them, too: that is marked, however it ends.
 */
export async function watchProgram<T>(
  workspace: string,
  isRunTainted: boolean,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly taintedBy: string | undefined }> {
  let taintedBy = await taintOfProgram(workspace, isRunTainted);
  const before = await marksChangedAt(workspace);
  let result: T;
  try {
    result = await run();
  } finally {
    // What came while it ran it may have read, also where it has gone again.
    const hasCome = before !== (await marksChangedAt(workspace));
    taintedBy ??= await taintOfProgram(workspace, hasCome);
    // Somebody may have deleted it meanwhile.
    const isMarked = taintedBy === undefined || (await hasMark(workspace, SCRATCH));
    if (!isMarked) await markFileTainted(workspace, SCRATCH);
  }
  return { result, taintedBy };
}

/** Before a program runs in the workspace: whose words it may come upon. */
export async function taintOfProgram(
  workspace: string,
  isRunTainted: boolean,
  clock = systemClock,
): Promise<string | undefined> {
  if (!isRunTainted && !(await holdsOthersWords(workspace, clock.monotonicMs()))) return undefined;
  await markFileTainted(workspace, SCRATCH);
  return FOUND;
}

async function holdsOthersWords(workspace: string, nowMs: number): Promise<boolean> {
  const inbox = await readNames(join(workspace, INBOX));
  if (inbox.length > 0 || (await isAnyUnderWay(workspace))) return true;
  const marks = (await readNames(join(workspace, MARKS))).filter(isMark);
  for (let at = 0; at < marks.length; at += AT_ONCE) {
    const some = marks.slice(at, at + AT_ONCE);
    const counts = await Promise.all(some.map((mark) => countsFor(workspace, mark, nowMs)));
    if (counts.includes(true)) return true;
  }
  return false;
}

/** A name that only a crash has left there stands for nothing: what it was for was not written. */
function isMark(name: string): boolean {
  return name !== "changing" && !name.endsWith(".tmp");
}

/** Marks of what is gone count for nothing, and go once it has been gone for long. */
async function countsFor(workspace: string, mark: string, nowMs: number): Promise<boolean> {
  const file = join(workspace, MARKS, mark);
  const read = await readMark(file);
  if (read === undefined) return false;
  const { path, print } = read;
  const isHeld = () => holdsAnything(workspace, path);
  if (await isHeld()) {
    gone.delete(file);
    return true;
  }
  const known = gone.get(file);
  if (known?.print !== print) {
    gone.set(file, { print, sinceMs: nowMs });
  } else if (nowMs - known.sinceMs >= GONE_FOR_MS) {
    await inTurn(workspace, path, async () => {
      if (!(await isHeld())) await rm(file, { force: true });
    });
    gone.delete(file);
  }
  return false;
}

/** `undefined`: it has just gone. `print` is another whenever it is made anew. */
async function readMark(file: string) {
  try {
    const { mtimeNs } = await stat(file, { bigint: true });
    const text = await readFile(file, "utf8");
    return { path: text.replace(/\n$/, "") as WorkspacePath, print: `${mtimeNs}` };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : UNREADABLE;
  }
}

/** A mark that names no path counts, too: nobody knows what it stands for. */
async function holdsAnything(workspace: string, path: string): Promise<boolean> {
  if (path !== SCRATCH) return path.includes(NO_TEXT) || (await isThere(join(workspace, path)));
  return (await readNames(join(workspace, path))).length > 0;
}

/** Changes with each mark that comes or goes. */
async function marksChangedAt(workspace: string): Promise<bigint | undefined> {
  return await stat(join(workspace, MARKS), { bigint: true }).then(
    ({ mtimeNs }) => mtimeNs,
    () => undefined,
  );
}
