import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { openTurns, openTurnsOfContext, type RunRow } from "../store/queries/runs.ts";
import { listOpenTaskRows, type TaskRow } from "../store/queries/tasks.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { findTaskScope, isBeforeGroup } from "./task-access.ts";

export interface RunningWork {
  /** Turns that wait or run, in order. */
  readonly turns: readonly RunRow[];
  /** Tasks that are not finished, newest first. */
  readonly tasks: readonly TaskRow[];
}

/**
 * What waits or runs and the actor may see: the turns of one conversation, or (`null`) of all that are the actor's;
 * admins see all. @throws AppError `access_denied`.
 */
export async function runningWork(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly contextId: string | null },
): Promise<RunningWork> {
  const who = await authorize(deps, actor, "read:status");
  const { contextId } = input;
  const turns =
    contextId === null
      ? (await deps.store.all(openTurns, {})).filter(
          (run) => run.user_id === who.userId || may(who.role, "read:all"),
        )
      : await deps.store.all(openTurnsOfContext, { contextId });
  const scope =
    contextId === null
      ? await findTaskScope(deps, who, null)
      : { userId: who.userId, workspaceId: who.workspaceId, contextId };
  const isForGroup = await isBeforeGroup(deps.store, contextId);
  return { turns, tasks: await listOpenTaskRows(deps.store, { scope, isForGroup }) };
}
