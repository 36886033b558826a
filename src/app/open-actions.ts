import { environmentVariable } from "../config/environment-variable.ts";
import type { Log } from "../core/log.ts";
import type { Action } from "../tools/admin/action.ts";
import { readActionsFile } from "../tools/admin/read-actions-file.ts";

/** What the operator lets the agent set off. What is wrong with the file is said in the log; the rest of it works. */
export async function openActions(file: string, log: Log): Promise<readonly Action[]> {
  const { actions, problems } = await readActionsFile(file, environmentVariable);
  for (const detail of problems) log.write("warn", "action left out", { detail });
  return actions;
}
