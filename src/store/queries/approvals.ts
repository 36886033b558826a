import { statement } from "../statement.ts";

export const approvalOfStep = statement((db, p: { stepId: string }) =>
  db.selectFrom("approvals").selectAll().where("step_id", "=", p.stepId),
);

/** Those of a conversation that nobody has decided yet; at most `MOST_OPEN_APPROVALS`. */
export const openApprovalsOf = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("approvals")
    .select(["id", "slot"])
    .where("context_id", "=", p.contextId)
    .where("state", "=", "pending"),
);
