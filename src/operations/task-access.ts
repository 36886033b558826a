import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { AppError } from "../core/errors.ts";
import { type ContextRow, contextById } from "../store/queries/contexts.ts";
import { isTaskForAdminsOnly } from "../store/queries/for-admins-only.ts";
import type { Scope, TaskRow } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";
import type { Authorized, OperationDeps } from "./operation.ts";

/**
 * What may be named where a question comes from (`undefined`: everything). Alone with somebody, what they may see: their
 * own, that of their workspace and of the conversation; from admin up all. A group reads every answer, so there it is what
 * belongs to the group, whoever asks; where admins are told, for who may route tasks, that of the workspace it supervises,
 * and in a hub all.
 */
export async function findScope(
  { store }: OperationDeps,
  who: Authorized,
  contextId: string | null,
): Promise<Scope | undefined> {
  const context =
    contextId === null ? undefined : await store.first(contextById, { id: contextId });
  if (context?.kind === "group") return scopeBeforeGroup(who, context);
  if (may(who.role, "read:all")) return undefined;
  return { userId: who.userId, workspaceId: who.workspaceId, contextId };
}

function scopeBeforeGroup(who: Authorized, context: ContextRow): Scope | undefined {
  const here = { userId: null, workspaceId: null, contextId: context.id };
  if (context.is_admin !== 1 || !may(who.role, "route:task")) return here;
  return context.is_hub === 1 ? undefined : { ...here, workspaceId: context.workspace_id };
}

/** Whether what is said here is said before a group. Where admins are told of one, they read all. */
export async function isBeforeGroup(store: Reader, contextId: string | null): Promise<boolean> {
  const context =
    contextId === null ? undefined : await store.first(contextById, { id: contextId });
  return context?.kind === "group" && context.is_admin !== 1;
}

/** Whether a task is one that is not spoken of where the question comes from. */
export async function isHiddenIn(
  store: Reader,
  taskId: string,
  contextId: string | null,
): Promise<boolean> {
  if (!(await isBeforeGroup(store, contextId))) return false;
  return (await store.first(isTaskForAdminsOnly, { id: taskId }))?.is_hidden === 1;
}

export function isInScope(task: TaskRow, scope: Scope | undefined): boolean {
  return (
    scope === undefined ||
    (scope.userId !== null && task.requested_by_user_id === scope.userId) ||
    task.workspace_id === scope.workspaceId ||
    task.context_id === scope.contextId
  );
}

/** Whether somebody may end a task: who asked for it, and who may end everybody's. */
export function mayEnd(
  { userId, role }: Pick<Actor, "userId" | "role">,
  task: Pick<TaskRow, "requested_by_user_id">,
): boolean {
  const isTheirs = userId !== undefined && task.requested_by_user_id === userId;
  return (isTheirs && may(role, "cancel:own-work")) || may(role, "cancel:any-work");
}

/** @throws AppError `access_denied` when the task is somebody else's and the role does not reach that far. */
export function requireMayEnd(who: Authorized, task: TaskRow): void {
  if (mayEnd(who, task)) return;
  throw new AppError(
    "access_denied",
    "Somebody else asked for this task. Ending it takes the role operator or higher.",
  );
}
