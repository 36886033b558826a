import { type SqlBool, sql } from "kysely";
import { statement } from "../statement.ts";

// Written out, so that SQLite sees that its partial indexes of what is due and of what is told apply.
const IS_OPEN = sql<SqlBool>`status in ('queued', 'running', 'blocked')`;
const IS_TOLD = sql<SqlBool>`overdue_notice is not null`;

/** An open task of which no notice tells that its time has passed. */
export const isUntold = sql<SqlBool>`(overdue_notice is null and ${IS_OPEN})`;

/** When the next open task is due of which no notice tells yet. */
export const nextDueTask = statement((db) =>
  db
    .selectFrom("tasks")
    .select("due_at_ms")
    .where(isUntold)
    .where("due_at_ms", "is not", null)
    .orderBy("due_at_ms")
    .limit(1),
);

/** How many open tasks of each workspace a notice tells of. */
export const countOverdue = statement((db, p: { notice: string }) =>
  db
    .selectFrom("tasks")
    .select(["workspace_id", (eb) => eb.fn.countAll<number | string>().as("count")])
    .where(IS_TOLD)
    .where(IS_OPEN)
    .where("overdue_notice", "=", p.notice)
    .groupBy("workspace_id"),
);

/** Those of one workspace, the most urgent first, and of them the longest overdue. */
export const overdueTasksOf = statement(
  (db, p: { notice: string; workspaceId: string; limit: number }) =>
    db
      .selectFrom("tasks")
      .select(["id", "title", "status", "priority", "due_at_ms"])
      .where(IS_TOLD)
      .where(IS_OPEN)
      .where("overdue_notice", "=", p.notice)
      .where("workspace_id", "=", p.workspaceId)
      .orderBy("priority")
      .orderBy("due_at_ms")
      .limit(p.limit),
);
