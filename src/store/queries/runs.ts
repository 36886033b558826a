import { sql } from "kysely";
import { statement } from "../statement.ts";

/** Bounds what a single run can leave behind; far above what the step limits allow. */
const MOST_STEPS = 200;
const MOST_MESSAGES = 40;

/** A turn with all it rests on: its conversation, and the message it answers (if any). */
export const turnById = statement((db, p: { runId: string }) =>
  db
    .selectFrom("runs")
    .innerJoin("contexts", "contexts.id", "runs.context_id")
    .leftJoin("messages", "messages.id", "runs.message_id")
    .select([
      "runs.id as run_id",
      "runs.state as run_state",
      "runs.version as run_version",
      "runs.workspace_id",
      "runs.user_id",
      "contexts.id as context_id",
      "contexts.connector",
      "contexts.account",
      "contexts.external_id",
      "contexts.kind as context_kind",
      "contexts.title as context_title",
      "messages.id as message_id",
      "messages.seq as message_seq",
      "messages.version as message_version",
      "messages.outcome as message_outcome",
      "messages.external_message_id",
    ])
    .where("runs.id", "=", p.runId),
);

/** A task with all its work rests on: where it came from, and the run that has it (if any). */
export const taskWorkById = statement((db, p: { taskId: string }) =>
  db
    .selectFrom("tasks")
    .innerJoin("contexts", "contexts.id", "tasks.context_id")
    .leftJoin("messages", "messages.id", "tasks.message_id")
    .leftJoin("runs", "runs.id", "tasks.run_id")
    .select([
      "tasks.id as task_id",
      "tasks.status",
      "tasks.version as task_version",
      "tasks.workspace_id",
      "tasks.title",
      "tasks.prompt",
      "tasks.taint",
      "tasks.message_id",
      "tasks.requested_by_user_id as user_id",
      "contexts.id as context_id",
      "contexts.connector",
      "contexts.account",
      "contexts.external_id",
      "contexts.kind as context_kind",
      "contexts.title as context_title",
      "messages.external_message_id",
      "runs.id as run_id",
      "runs.state as run_state",
      "runs.version as run_version",
    ])
    .where("tasks.id", "=", p.taskId),
);

export const stepsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    .select(["id", "run_id", "number", "state", "result", "error"])
    .where("run_id", "=", p.runId)
    .orderBy("number")
    .limit(MOST_STEPS),
);

/** The steps of every run a task has had: what an interrupted run finished is not done again. */
export const stepsOfTask = statement((db, p: { taskId: string }) =>
  db
    .selectFrom("run_steps")
    .innerJoin("runs", "runs.id", "run_steps.run_id")
    .select([
      "run_steps.id",
      "run_steps.run_id",
      "run_steps.number",
      "run_steps.state",
      "run_steps.result",
    ])
    .where("runs.task_id", "=", p.taskId)
    .orderBy("runs.seq")
    .orderBy("run_steps.number")
    .limit(MOST_STEPS),
);

export const openUsageOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("usage")
    .select("id")
    .where("run_id", "=", p.runId)
    .where("state", "=", "reserved")
    .limit(MOST_STEPS),
);

/** The newest messages of a conversation up to `seq`, newest first; commands are no conversation, the dropped (strangers) neither. */
export const conversationMessages = statement((db, p: { contextId: string; upToSeq: number }) =>
  db
    .selectFrom("messages")
    .select(["id", "seq", "sender_name", "text", "received_at_ms"])
    .where("context_id", "=", p.contextId)
    .where("seq", "<=", p.upToSeq)
    .where("kind", "in", ["message", "edit"])
    // Written out, so that SQLite sees that its partial index applies: a busy group is nearly all dropped.
    .where("outcome", "<>", sql.lit("dropped"))
    .where((eb) =>
      eb.or([
        eb("rule", "is", null),
        eb("rule", "not like", "command:%"),
        eb("outcome", "=", "task"),
      ]),
    )
    .orderBy("seq", "desc")
    .limit(MOST_MESSAGES),
);

/**
 * The newest of what we said there, newest first: answers, results and notices, but not what commands print.
 * What still waits to be sent counts as said: it will arrive before the answer that is being written.
 */
export const conversationReplies = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("deliveries")
    .select([
      "deliveries.id",
      "deliveries.seq",
      "deliveries.body",
      "deliveries.message_id",
      "deliveries.task_id",
      "deliveries.created_at_ms",
    ])
    .where("deliveries.context_id", "=", p.contextId)
    .where("deliveries.kind", "=", "send")
    .where("deliveries.state", "in", ["pending", "sending", "sent", "unknown"])
    .where((eb) =>
      eb.or([
        eb("deliveries.run_id", "is not", null),
        eb("deliveries.task_id", "is not", null),
        eb("deliveries.message_id", "is", null),
      ]),
    )
    .orderBy("deliveries.seq", "desc")
    .limit(MOST_MESSAGES),
);

/** What the file of a finished task tells. */
export const taskForFile = statement((db, p: { taskId: string }) =>
  db.selectFrom("tasks").selectAll().where("id", "=", p.taskId),
);
