import { realpathSync } from "node:fs";
import { sep } from "node:path";

/** What the agent may write must not say what it may do, nor become a program of ours. @throws Error */
export function requireOutside(path: string, workspaceRoot: string): void {
  const root = realOrSame(workspaceRoot);
  if (`${realpathSync(path)}${sep}`.startsWith(root + sep))
    throw new Error(`It lies in a workspace, where the agent writes. Move it out of ${root}.`);
}

/** Before the first start there is nothing there, and nothing in it. */
function realOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
