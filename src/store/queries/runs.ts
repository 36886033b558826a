import { type Selectable, type SqlBool, sql } from "kysely";
import { statement } from "../statement.ts";
import type { RunsTable } from "../tables/runs.ts";
import { forAdminsOnly } from "./for-admins-only.ts";

export type RunRow = Selectable<RunsTable>;

/** Nothing was done of it yet: one that waited for people is queued once more, and has begun. */
export function hasNotBegun({ state, started_at_ms: startedAtMs }: RunRow): boolean {
  return state === "queued" && startedAtMs === null;
}

const MOST_OPEN = 200;
/** Bounds what a single run can leave behind; above what the limits of a run may be set to. */
const MOST_STEPS = 10_000;
// Written out, so that SQLite sees that its partial index of open runs applies.
const isOpen = sql<SqlBool>`state in ('queued', 'running', 'parked')`;

export const runRowById = statement((db, p: { id: string }) =>
  db.selectFrom("runs").selectAll().where("id", "=", p.id),
);

/** The unfinished turns of a conversation, in order. */
export const openTurnsOfContext = statement((db, p: { contextId: string }) =>
  db
    .selectFrom("runs")
    .selectAll()
    // Not the plain column: its index would walk the whole history of the conversation for the few that are open.
    .where(sql`coalesce(context_id, '')`, "=", p.contextId)
    .where("kind", "=", "turn")
    .where(isOpen)
    .orderBy("seq")
    .limit(MOST_OPEN),
);

type OpenState = "ready" | "waiting" | "started" | "unknown";

/** Steps that have not ended; what is unknown has when it has a result, or is no tool call. */
export const openStepsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    .select(["id", "kind"])
    .select((eb) => eb.ref("state").$castTo<OpenState>().as("state"))
    .where("run_id", "=", p.runId)
    .where((eb) =>
      eb.or([
        eb("state", "in", ["ready", "waiting", "started"]),
        eb.and([eb("state", "=", "unknown"), eb("kind", "=", "tool"), eb("result", "is", null)]),
      ]),
    )
    .orderBy("number"),
);

export type OpenStep = NonNullable<(typeof openStepsOfRun)["types"]>["row"];

export const reservationsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("usage")
    .select(["id", "reserved_micro_usd"])
    .where("run_id", "=", p.runId)
    .where("state", "=", "reserved"),
);

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
      "runs.taint as run_taint",
      "runs.tainted_by as run_tainted_by",
      "runs.workspace_id",
      "runs.user_id",
      "contexts.id as context_id",
      "contexts.connector",
      "contexts.account",
      "contexts.external_id",
      "contexts.kind as context_kind",
      "contexts.title as context_title",
      "contexts.prompt as context_prompt",
      "contexts.is_admin as context_is_admin",
      "messages.id as message_id",
      "messages.text as message_text",
      "messages.trust as message_trust",
      "messages.seq as message_seq",
      "messages.version as message_version",
      "messages.outcome as message_outcome",
      "messages.external_message_id",
      "messages.payload as message_payload",
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
      "tasks.wording",
      "tasks.workspace_id",
      "tasks.title",
      "tasks.prompt",
      "tasks.taint",
      forAdminsOnly.as("is_for_admins_only"),
      "tasks.message_id",
      "tasks.requested_by_user_id as user_id",
      "contexts.id as context_id",
      "contexts.connector",
      "contexts.account",
      "contexts.external_id",
      "contexts.kind as context_kind",
      "contexts.title as context_title",
      "contexts.prompt as context_prompt",
      "contexts.is_admin as context_is_admin",
      "messages.external_message_id",
      "runs.id as run_id",
      "runs.state as run_state",
      "runs.version as run_version",
      "runs.taint as run_taint",
      "runs.tainted_by as run_tainted_by",
    ])
    .where("tasks.id", "=", p.taskId),
);
export type TaskWork = NonNullable<(typeof taskWorkById)["types"]>["row"];

export const stepsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    .select([
      "id",
      "run_id",
      "number",
      "kind",
      "name",
      "state",
      "round",
      "call_id",
      "arguments",
      "result",
      "error",
    ])
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
      "run_steps.kind",
      "run_steps.name",
      "run_steps.state",
      "run_steps.round",
      "run_steps.call_id",
      "run_steps.arguments",
      "run_steps.result",
    ])
    .where("runs.task_id", "=", p.taskId)
    .orderBy("runs.seq")
    .orderBy("run_steps.number")
    .limit(MOST_STEPS),
);

/** How long a run has been at work, in steps that have ended; while it waits for people it is not. */
export const workedMsOfRun = statement((db, p: { runId: string }) =>
  db
    .selectFrom("run_steps")
    .select((eb) =>
      eb.fn
        .coalesce(eb.fn.sum<number>(eb("finished_at_ms", "-", eb.ref("started_at_ms"))), eb.lit(0))
        .as("ms"),
    )
    .where("run_id", "=", p.runId)
    .where("state", "in", ["finished", "failed"]),
);
