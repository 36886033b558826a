import type { Actor } from "../core/access/actor.ts";
import { openTurnsOfContext, type RunRow } from "../store/queries/runs.ts";
import { listOpenTaskRows, type TaskRow } from "../store/queries/tasks.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { findScope, isBeforeGroup } from "./task-access.ts";

export interface RunningWork {
  /** Turns that wait or run, in order. */
  readonly turns: readonly RunRow[];
  /** Tasks that are not finished, newest first. */
  readonly tasks: readonly TaskRow[];
}

/**
 * What waits or runs and may be named in a conversation: the turns there, and the tasks the actor may see there.
 * @throws AppError `access_denied`.
 */
export async function runningWork(
  deps: OperationDeps,
  actor: Actor,
  { contextId }: { readonly contextId: string },
): Promise<RunningWork> {
  const who = await authorize(deps, actor, "read:status");
  const turns = await deps.store.all(openTurnsOfContext, { contextId });
  const scope = await findScope(deps, who, contextId);
  const isForGroup = await isBeforeGroup(deps.store, contextId);
  return { turns, tasks: await listOpenTaskRows(deps.store, { scope, isForGroup }) };
}
