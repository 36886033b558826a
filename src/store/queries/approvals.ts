import {
  type Expression,
  type ExpressionBuilder,
  type Selectable,
  type SqlBool,
  sql,
} from "kysely";
import type { ApprovalState } from "../../core/approval/approval.ts";
import { RAISE_SPEND } from "../../core/spend/raise-spend.ts";
import { type Db, statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { ApprovalsTable } from "../tables/approvals.ts";
import type { Tables } from "../tables.ts";
import { forAdminsOnly } from "./for-admins-only.ts";
import type { Scope } from "./tasks.ts";

const MOST_OF_WORK = 2_000;

export type ApprovalRow = Selectable<ApprovalsTable>;

/** The last one: a call whose end nobody knows may have been asked about a second time. */
export const approvalOfStep = statement((db, p: { stepId: string }) =>
  db
    .selectFrom("approvals")
    .selectAll()
    .where("step_id", "=", p.stepId)
    .orderBy("seq", "desc")
    .limit(1),
);

/** With where it was asked, for whom, and who decided. */
function withFacts(db: Db) {
  return db
    .selectFrom("approvals")
    .innerJoin("contexts", "contexts.id", "approvals.context_id")
    .innerJoin("runs", "runs.id", "approvals.run_id")
    .leftJoin("run_steps", "run_steps.id", "approvals.step_id")
    .leftJoin("users", "users.id", "approvals.requested_by_user_id")
    .leftJoin("users as deciders", "deciders.id", "approvals.decided_by_user_id")
    .selectAll("approvals")
    .select([
      "contexts.title as context_title",
      "contexts.kind as context_kind",
      "contexts.connector",
      "users.display_name as requester_name",
      "deciders.display_name as decider_name",
      "runs.kind as run_kind",
      "runs.state as run_state",
      "runs.version as run_version",
      "runs.cause as run_cause",
      "runs.task_id",
      "runs.message_id",
      "run_steps.state as step_state",
    ]);
}

export const approvalById = statement((db, p: { id: string }) =>
  withFacts(db).where("approvals.id", "=", p.id),
);
export type ApprovalFacts = NonNullable<(typeof approvalById)["types"]>["row"];

const MOST_RAISES = 500;

/** The open questions for more money, the oldest first, of work of which nobody doubts what it did. */
export const openRaises = statement((db, _p: Record<never, never>) =>
  withFacts(db)
    .where("approvals.state", "=", sql.lit("pending" as const))
    .where("approvals.tool", "=", RAISE_SPEND)
    .where("approvals.is_repeat", "=", 0)
    .orderBy("approvals.seq")
    .limit(MOST_RAISES),
);

/** The questions for more money that are answered, and whose work has put nothing of it aside yet. */
export const unusedRaises = statement((db, _p: Record<never, never>) =>
  db
    .selectFrom("runs")
    .innerJoin("approvals", "approvals.run_id", "runs.id")
    .innerJoin("run_steps", "run_steps.id", "approvals.step_id")
    .select("approvals.arguments")
    // Written out, so that SQLite sees that its partial index of open ones applies.
    .where(sql<SqlBool>`runs.state in ('queued', 'running', 'parked')`)
    .where("approvals.tool", "=", RAISE_SPEND)
    .where("approvals.state", "in", ["approved", "withdrawn"])
    // Its repeat is asked about, and counts when that is answered.
    .where("approvals.execution", "<>", "unknown")
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("run_steps as later")
            .select("later.id")
            .whereRef("later.run_id", "=", "runs.id")
            .whereRef("later.number", ">", "run_steps.number"),
        ),
      ),
    ),
);

export interface ApprovalFilter {
  /** What may be named: one of its parts is enough. `undefined`: everybody's. */
  readonly scope: Scope | undefined;
  readonly state?: ApprovalState | undefined;
  readonly contextId?: string | undefined;
  readonly workspaceId?: string | undefined;
  /** Without those of tasks that no group hears of. */
  readonly isForGroup: boolean;
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listApprovalRows(store: Reader, filter: ApprovalFilter): Promise<ApprovalFacts[]> {
  return store.list<ApprovalFacts>((db) => {
    let query = withFacts(db).where((eb) => matches(eb as unknown as ApprovalBuilder, filter));
    if (filter.isForGroup) {
      query = query
        .leftJoin("tasks", "tasks.id", "runs.task_id")
        .where((eb) => eb.or([eb("tasks.id", "is", null), eb(forAdminsOnly, "=", 0)]));
    }
    return query.orderBy("approvals.seq", "desc").limit(filter.limit);
  });
}

type ApprovalBuilder = ExpressionBuilder<Tables, "approvals">;

function matches(eb: ApprovalBuilder, filter: ApprovalFilter): Expression<SqlBool> {
  const { scope, state, contextId, workspaceId, beforeSeq } = filter;
  const reasons = [
    ["approvals.requested_by_user_id", scope?.userId],
    ["approvals.workspace_id", scope?.workspaceId],
    ["approvals.context_id", scope?.contextId],
  ] as const;
  const inScope = reasons.flatMap(([column, id]) => (id ? [eb(column, "=", id)] : []));
  return eb.and([
    ...(scope === undefined ? [] : [eb.or(inScope)]),
    // Written out, so that SQLite sees that its partial index of open ones applies.
    ...(state === undefined ? [] : [eb("approvals.state", "=", sql.lit(state))]),
    ...(contextId === undefined ? [] : [eb("approvals.context_id", "=", contextId)]),
    ...(workspaceId === undefined ? [] : [eb("approvals.workspace_id", "=", workspaceId)]),
    ...(beforeSeq === undefined ? [] : [eb("approvals.seq", "<", beforeSeq)]),
  ]);
}

export const countPendingApprovals = statement((db, _p: Record<never, never>) =>
  db
    .selectFrom("approvals")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("state", "=", sql.lit("pending" as const)),
);

/** What was decided about the calls of a run, or of every run of a task, in the order they were asked for. */
export const approvalsOfWork = statement((db, p: { runId: string; taskId: string | null }) =>
  db
    .selectFrom("approvals")
    .innerJoin("runs", "runs.id", "approvals.run_id")
    .leftJoin("users", "users.id", "approvals.decided_by_user_id")
    .selectAll("approvals")
    .select("users.display_name as decider_name")
    .where((eb) =>
      eb.or([eb("approvals.run_id", "=", p.runId), eb("runs.task_id", "=", p.taskId ?? "")]),
    )
    .orderBy("approvals.seq")
    .limit(MOST_OF_WORK),
);

export const approvalsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("approvals")
    .selectAll()
    .where("run_id", "=", p.runId)
    .orderBy("seq")
    .limit(MOST_OF_WORK),
);

/** The slots of a conversation that are taken; those of what is not counted are null. */
export const takenSlotsOf = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("approvals")
    .select("slot")
    .where("context_id", "=", p.contextId)
    .where("state", "=", "pending"),
);
