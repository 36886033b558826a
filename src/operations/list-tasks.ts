import type { Actor } from "../core/access/actor.ts";
import type { TaskKind, TaskStatus } from "../core/task/task.ts";
import { listTaskRows, type TaskRow } from "../store/queries/tasks.ts";
import { findContext, findWorkspace } from "./find-place.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { parseCursor, toPage } from "./page.ts";
import { findScope, isBeforeGroup } from "./task-access.ts";

export interface ListTasksInput {
  /** The conversation the question comes from, when it comes from one. */
  readonly askedInContextId: string | null;
  readonly workspaceId?: string | undefined;
  readonly contextId?: string | undefined;
  readonly status?: TaskStatus | undefined;
  readonly kind?: TaskKind | undefined;
  /** Only open ones whose time has passed. */
  readonly isOverdue?: boolean | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface TaskPage {
  /** Newest first. */
  readonly items: readonly TaskRow[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** Tasks the actor may see, a page at a time. @throws AppError `invalid_input` (cursor), `access_denied`, `not_found`. */
export async function listTasks(
  deps: OperationDeps,
  actor: Actor,
  input: ListTasksInput,
): Promise<TaskPage> {
  const who = await authorize(deps, actor, "read:tasks");
  const { workspaceId, contextId, status, kind, limit } = input;
  const rows = await listTaskRows(deps.store, {
    scope: await findScope(deps, who, input.askedInContextId),
    workspaceId:
      workspaceId === undefined ? undefined : (await findWorkspace(deps, who, workspaceId)).id,
    contextId: contextId === undefined ? undefined : (await findContext(deps, who, contextId)).id,
    status,
    kind,
    dueByMs: input.isOverdue === true ? deps.now : undefined,
    isForGroup: await isBeforeGroup(deps.store, input.askedInContextId),
    beforeSeq: parseCursor(input.cursor, "t"),
    limit: limit + 1,
  });
  return toPage(rows, limit, "t");
}
