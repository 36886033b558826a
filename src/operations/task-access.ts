import { may } from "../core/access/permission.ts";
import { AppError } from "../core/errors.ts";
import type { TaskRow, TaskScope } from "../store/queries/tasks.ts";
import type { Authorized } from "./operation.ts";

/**
 * Whose tasks a person may see: their own, those of their workspace and those of the conversation they ask in;
 * from admin up, everybody's (`undefined`).
 */
export function taskScopeOf(who: Authorized, contextId: string | null): TaskScope | undefined {
  if (may(who.role, "read:all")) return undefined;
  return { userId: who.userId, workspaceId: who.workspaceId, contextId };
}

export function isInScope(task: TaskRow, scope: TaskScope | undefined): boolean {
  return (
    scope === undefined ||
    task.requested_by_user_id === scope.userId ||
    task.workspace_id === scope.workspaceId ||
    task.context_id === scope.contextId
  );
}

/** @throws AppError `access_denied` when the task is somebody else's and the role does not reach that far. */
export function requireMayEnd(who: Authorized, task: TaskRow): void {
  if (task.requested_by_user_id === who.userId || may(who.role, "cancel:any-work")) return;
  throw new AppError(
    "access_denied",
    "Somebody else asked for this task. Ending it takes the role operator or higher.",
  );
}
