import type { Selectable } from "kysely";
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { TaskKind, TaskStatus } from "../../core/task/task.ts";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { Tables, TasksTable } from "../tables.ts";

export type TaskRow = Selectable<TasksTable>;

const MOST_OPEN = 50;
/** How far back an id may be named by its tail alone; the whole id always works. */
const TAIL_REACH = 10_000;

/** Whose tasks may be seen; `undefined`: everybody's. */
export interface TaskScope {
  readonly userId: string;
  readonly workspaceId: string;
  /** The conversation the question comes from, when it comes from one. */
  readonly contextId: string | null;
}

export interface TaskFilter {
  readonly scope: TaskScope | undefined;
  readonly workspaceId?: string | undefined;
  readonly contextId?: string | undefined;
  readonly status?: TaskStatus | undefined;
  readonly kind?: TaskKind | undefined;
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

export const taskById = statement((db, p: { id: string }) =>
  db.selectFrom("tasks").selectAll().where("id", "=", p.id),
);

/** Newest first. */
export function listTaskRows(store: Reader, filter: TaskFilter): Promise<TaskRow[]> {
  const { scope, workspaceId, contextId, status, kind, beforeSeq } = filter;
  return store.list<TaskRow>((db) => {
    let query = db.selectFrom("tasks").selectAll();
    if (scope !== undefined) query = query.where((eb) => inScope(eb, scope));
    if (workspaceId !== undefined) query = query.where("workspace_id", "=", workspaceId);
    if (contextId !== undefined) query = query.where("context_id", "=", contextId);
    if (status !== undefined) query = query.where("status", "=", status);
    if (kind !== undefined) query = query.where("kind", "=", kind);
    if (beforeSeq !== undefined) query = query.where("seq", "<", beforeSeq);
    return query.orderBy("seq", "desc").limit(filter.limit);
  });
}

/** Tasks that are not finished, newest first. */
export function listOpenTaskRows(store: Reader, scope: TaskScope | undefined): Promise<TaskRow[]> {
  return store.list<TaskRow>((db) => {
    // Written out, so that SQLite sees that its partial index of open tasks applies.
    let query = db
      .selectFrom("tasks")
      .selectAll()
      .where(sql<SqlBool>`status in ('queued', 'running', 'blocked')`);
    if (scope !== undefined) query = query.where((eb) => inScope(eb, scope));
    return query.orderBy("seq", "desc").limit(MOST_OPEN);
  });
}

/** Up to two ids of recent tasks in scope that end in `tail` (letters and digits only). */
export function findTaskIdsByTail(
  store: Reader,
  tail: string,
  scope: TaskScope | undefined,
): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) => {
    let query = db
      .selectFrom((eb) =>
        eb
          .selectFrom("tasks")
          .select(["id", "workspace_id", "context_id", "requested_by_user_id"])
          .orderBy("seq", "desc")
          .limit(TAIL_REACH)
          .as("tasks"),
      )
      .select("id")
      .where("id", "like", `%${tail}`);
    if (scope !== undefined) {
      query = query.where((eb) => inScope(eb as unknown as TaskBuilder, scope));
    }
    return query.limit(2);
  });
}

type TaskBuilder = ExpressionBuilder<Tables, "tasks">;

function inScope(eb: TaskBuilder, scope: TaskScope): Expression<SqlBool> {
  return eb.or([
    eb("workspace_id", "=", scope.workspaceId),
    eb("requested_by_user_id", "=", scope.userId),
    ...(scope.contextId === null ? [] : [eb("context_id", "=", scope.contextId)]),
  ]);
}
