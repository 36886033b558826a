import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { ApprovalsTable } from "../tables/approvals.ts";

const MOST_OF_WORK = 200;

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

/** With where it was asked and for whom. */
export const approvalById = statement((db, p: { id: string }) =>
  db
    .selectFrom("approvals")
    .innerJoin("contexts", "contexts.id", "approvals.context_id")
    .innerJoin("runs", "runs.id", "approvals.run_id")
    .leftJoin("run_steps", "run_steps.id", "approvals.step_id")
    .leftJoin("users", "users.id", "approvals.requested_by_user_id")
    .selectAll("approvals")
    .select([
      "contexts.title as context_title",
      "contexts.kind as context_kind",
      "contexts.connector",
      "users.display_name as requester_name",
      "runs.kind as run_kind",
      "runs.state as run_state",
      "runs.version as run_version",
      "runs.task_id",
      "runs.message_id",
      "run_steps.state as step_state",
    ])
    .where("approvals.id", "=", p.id),
);
export type ApprovalFacts = NonNullable<(typeof approvalById)["types"]>["row"];

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

/** Those of a conversation that nobody has decided yet; at most `MOST_OPEN_APPROVALS`. */
export const openApprovalsOf = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("approvals")
    .select(["id", "slot"])
    .where("context_id", "=", p.contextId)
    .where("state", "=", "pending"),
);
