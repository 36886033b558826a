import { markAllTainted, SCRATCH } from "./file-taint.ts";
import { type Stock, takeStock } from "./stock.ts";
import { begin, end, findLeft, keepStock, leave, type UnderWay } from "./under-way.ts";
import type { WorkspacePath } from "./workspace-path.ts";

/** Folders of the runtime, which makes them where they are missing: their names are nobody's words. */
const OURS: readonly string[] = ["scratch", "inbox", "ops", "ops/tainted"];

/**
 * Runs what brings others' words and may write anywhere in a workspace without saying where. Whatever changes meanwhile
 * is marked, by whoever it was; until then it counts as marked, also when the runtime ends before.
 */
export async function markWhatChanges<T>(workspace: string, run: () => Promise<T>): Promise<T> {
  const mine = await begin(workspace);
  try {
    const before = await takeStock(workspace);
    keepStock(mine, before);
    try {
      return await run();
    } finally {
      await markChanged(workspace, before, mine);
    }
  } finally {
    leave(mine);
  }
}

async function markChanged(workspace: string, before: Stock, mine: UnderWay): Promise<void> {
  const over = [mine, ...(await findLeft(workspace, mine))];
  const changed = new Set<WorkspacePath>();
  for (const [path, { print, changedAtNs }] of await takeStock(workspace)) {
    if (OURS.includes(path)) continue;
    const isChanged =
      before.get(path)?.print !== print || over.some(({ sinceNs }) => changedAtNs >= sinceNs);
    // One mark stands for all that is in there.
    if (isChanged) changed.add(path.startsWith(SCRATCH) ? SCRATCH : path);
  }
  await markAllTainted(workspace, [...changed]);
  await end(workspace, over);
}
