import type { Selectable } from "kysely";
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import { FINAL_TASK_STATUSES, type TaskKind, type TaskStatus } from "../../core/task/task.ts";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { TasksTable } from "../tables/tasks.ts";
import type { Tables } from "../tables.ts";
import { forAdminsOnly } from "./for-admins-only.ts";

export type TaskRow = Selectable<TasksTable>;

// Written out, so that SQLite sees that its partial indexes of open and of ended tasks apply.
const IS_OPEN = sql<SqlBool>`status in ('queued', 'running', 'blocked')`;
const IS_ENDED = sql<SqlBool>`status in ('succeeded', 'failed', 'cancelled')`;

const MOST_OPEN = 50;
/** How far back an id may be named by its tail alone; the whole id always works. */
const TAIL_REACH = 10_000;

/** What may be named: what one person asked for, and what belongs to a workspace or a conversation. */
export interface Scope {
  readonly userId: string | null;
  readonly workspaceId: string | null;
  readonly contextId: string | null;
}

export interface TaskFilter {
  /** `undefined`: everybody's. */
  readonly scope: Scope | undefined;
  readonly workspaceId?: string | undefined;
  readonly contextId?: string | undefined;
  readonly status?: TaskStatus | undefined;
  readonly kind?: TaskKind | undefined;
  /** Without what no group hears of. */
  readonly isForGroup?: boolean | undefined;
  /** Only open ones that are due by then. */
  readonly dueByMs?: number | undefined;
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

/** The retry of a task that is not over yet; the index `tasks_one_retry` lets there be one. */
export const openRetryOf = statement((db, p: { id: string }) =>
  db.selectFrom("tasks").select("id").where("retry_of_task", "=", p.id).where(IS_OPEN),
);

export const taskById = statement((db, p: { id: string }) =>
  db.selectFrom("tasks").selectAll().where("id", "=", p.id),
);

/** The task a caller made with this key of theirs; the index `tasks_idempotency` lets there be one. */
export const taskByIdempotencyKey = statement((db, p: { sourceUserId: string; key: string }) =>
  db
    .selectFrom("tasks")
    .selectAll()
    .where("source_user_id", "=", p.sourceUserId)
    .where("idempotency_key", "=", p.key),
);

/** Newest first. */
export function listTaskRows(store: Reader, filter: TaskFilter): Promise<TaskRow[]> {
  const { scope, limit } = filter;
  return store.list<TaskRow>((db) => {
    const all = db.selectFrom("tasks").selectAll();
    if (scope === undefined) {
      let query = all.where((eb) => matches(eb, filter));
      if (filter.status !== undefined) query = query.where(groupOf(filter.status));
      else if (filter.dueByMs !== undefined) query = query.where(IS_OPEN);
      return query.orderBy("seq", "desc").limit(limit);
    }
    // The newest of each part of the scope, each by an index of its own: with one OR, SQLite reads and sorts them all.
    const newest = (reason: Reason) =>
      db
        .selectFrom((eb) =>
          eb
            .selectFrom("tasks")
            .select("seq")
            .where(reason)
            .where((of) => matches(of, filter))
            .orderBy("seq", "desc")
            .limit(limit)
            .as("newest"),
        )
        .select("seq");
    const [first, ...others] = reasonsOf(scope).map(newest);
    if (first === undefined) return all.limit(0);
    const seqs = others.reduce((union, other) => union.union(other), first);
    return all.where("seq", "in", seqs).orderBy("seq", "desc").limit(limit);
  });
}

/** Says nothing new of a task with this status, but names the index that holds it. */
function groupOf(status: TaskStatus): Expression<SqlBool> {
  return FINAL_TASK_STATUSES.includes(status) ? IS_ENDED : IS_OPEN;
}

function matches(eb: TaskBuilder, filter: TaskFilter): Expression<SqlBool> {
  const { workspaceId, contextId, status, kind, isForGroup, dueByMs, beforeSeq } = filter;
  return eb.and([
    ...(workspaceId === undefined ? [] : [eb("workspace_id", "=", workspaceId)]),
    ...(contextId === undefined ? [] : [eb("context_id", "=", contextId)]),
    ...(status === undefined ? [] : [eb("status", "=", status)]),
    ...(kind === undefined ? [] : [eb("kind", "=", kind)]),
    ...(isForGroup === true ? [eb(forAdminsOnly, "=", 0)] : []),
    ...(dueByMs === undefined ? [] : [IS_OPEN, eb("due_at_ms", "<=", dueByMs)]),
    ...(beforeSeq === undefined ? [] : [eb("seq", "<", beforeSeq)]),
  ]);
}

/** Tasks that are not finished, newest first. */
export function listOpenTaskRows(
  store: Reader,
  { scope, isForGroup }: Pick<TaskFilter, "scope" | "isForGroup">,
): Promise<TaskRow[]> {
  return store.list<TaskRow>((db) => {
    let query = db.selectFrom("tasks").selectAll().where(IS_OPEN);
    if (scope !== undefined) query = query.where((eb) => eb.or(openReasonsOf(eb, scope)));
    if (isForGroup === true) query = query.where(forAdminsOnly, "=", 0);
    return query.orderBy("seq", "desc").limit(MOST_OPEN);
  });
}

/** Up to two ids of recent tasks that may be named and end in `tail` (letters and digits only). */
export function findTaskIdsByTail(
  store: Reader,
  tail: string,
  { scope, isForGroup }: Pick<TaskFilter, "scope" | "isForGroup">,
): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) => {
    let query = db
      .selectFrom((eb) =>
        eb
          .selectFrom("tasks")
          .select([
            "id",
            "workspace_id",
            "context_id",
            "requested_by_user_id",
            "route_class",
            "message_id",
          ])
          .orderBy("seq", "desc")
          .limit(TAIL_REACH)
          .as("tasks"),
      )
      .select("id")
      .where("id", "like", `%${tail}`);
    if (scope !== undefined) {
      query = query.where((eb) =>
        eb.or(reasonsOf(scope).map((reason) => reason(eb as unknown as TaskBuilder))),
      );
    }
    if (isForGroup === true) query = query.where(forAdminsOnly, "=", 0);
    return query.limit(2);
  });
}

type TaskBuilder = ExpressionBuilder<Tables, "tasks">;

type Reason = (eb: TaskBuilder) => Expression<SqlBool>;

const COLUMNS = [
  ["workspace_id", "workspaceId"],
  ["requested_by_user_id", "userId"],
  ["context_id", "contextId"],
] as const;

/** Why a task may be named; one of them is enough. */
function reasonsOf(scope: Scope): readonly Reason[] {
  return COLUMNS.flatMap(([column, of]) => {
    const id = scope[of];
    return id === null ? [] : [(eb: TaskBuilder) => eb(column, "=", id)];
  });
}

/** The same, not by the plain columns: their indexes would walk the whole history for the few tasks that are open. */
function openReasonsOf(eb: TaskBuilder, scope: Scope): Expression<SqlBool>[] {
  return COLUMNS.flatMap(([column, of]) => {
    const id = scope[of];
    return id === null ? [] : [eb(eb.fn.coalesce(column, sql.lit("")), "=", id)];
  });
}
