import type { Effect } from "../../core/effect/effect.ts";
import { FINAL_RUN_STATES } from "../../core/run/run.ts";
import { FINAL_TASK_STATUSES } from "../../core/task/task.ts";
import { statement } from "../statement.ts";
import type { RunStepsTable, RunsTable, TasksTable, UsageTable } from "../tables.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, type Step, write } from "./step.ts";

type Of<T extends Effect["type"]> = Extract<Effect, { type: T }>;

type NewRun = Omit<RunsTable, "seq" | "version" | "state" | "model" | "error" | "started_at_ms" | "finished_at_ms">;
const insertRun = statement((db, p: NewRun) =>
  db.insertInto("runs").values((eb) => ({
    id: p.id,
    kind: p.kind,
    workspace_id: p.workspace_id,
    context_id: p.context_id,
    user_id: p.user_id,
    message_id: p.message_id,
    task_id: p.task_id,
    state: "queued",
    taint: p.taint,
    cause: p.cause,
    created_at_ms: p.created_at_ms,
    version: eb.lit(1),
  })),
);

type RunMove = { id: string; to: RunsTable["state"]; model: string | null; error: string | null; now: number };
/** `from` is part of the statement's shape, so there is one statement a set of states. */
const moveRunFrom = keyed((from: readonly RunsTable["state"][], to: RunsTable["state"]) =>
  statement((db, p: RunMove) =>
    db
      .updateTable("runs")
      .set((eb) => ({
        state: p.to,
        model: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.model), "text"), "model"),
        error: p.error,
        ...(to === "running" ? { started_at_ms: p.now } : {}),
        ...(FINAL_RUN_STATES.includes(to) || to === "interrupted" ? { finished_at_ms: p.now } : {}),
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("state", "in", from),
  ),
);

type NewStep = Omit<RunStepsTable, "state" | "result" | "error" | "finished_at_ms" | "taint">;
const insertStep = statement((db, p: NewStep) =>
  db.insertInto("run_steps").values((eb) => ({
    id: p.id,
    run_id: p.run_id,
    number: p.number,
    kind: p.kind,
    name: p.name,
    state: "started",
    request_digest: p.request_digest,
    taint: eb.lit(0),
    started_at_ms: p.started_at_ms,
  })),
);
const endStep = statement((db, p: Pick<RunStepsTable, "id" | "state" | "result" | "error"> & { now: number }) =>
  db
    .updateTable("run_steps")
    .set({ state: p.state, result: p.result, error: p.error, finished_at_ms: p.now })
    .where("id", "=", p.id)
    .where("state", "=", "started"),
);

const insertUsage = statement(
  (db, p: Omit<UsageTable, "state" | "cost_micro_usd" | "input_tokens" | "output_tokens">) =>
    db.insertInto("usage").values((eb) => ({
      id: p.id,
      run_id: p.run_id,
      step_id: p.step_id,
      workspace_id: p.workspace_id,
      user_id: p.user_id,
      model: p.model,
      state: "reserved",
      reserved_micro_usd: p.reserved_micro_usd,
      cost_micro_usd: eb.lit(0),
      input_tokens: eb.lit(0),
      output_tokens: eb.lit(0),
      created_at_ms: p.created_at_ms,
    })),
);
const settleUsage = statement(
  (db, p: Pick<UsageTable, "id" | "state" | "cost_micro_usd" | "input_tokens" | "output_tokens">) =>
    db
      .updateTable("usage")
      .set({
        state: p.state,
        cost_micro_usd: p.cost_micro_usd,
        input_tokens: p.input_tokens,
        output_tokens: p.output_tokens,
      })
      .where("id", "=", p.id)
      .where("state", "=", "reserved"),
);

type NewTask = Omit<
  TasksTable,
  | "seq"
  | "version"
  | "status"
  | "run_id"
  | "attempts"
  | "result_summary"
  | "result_text"
  | "result_path"
  | "error_message"
  | "started_at_ms"
  | "finished_at_ms"
  | "updated_at_ms"
>;
const insertTask = statement((db, p: NewTask) =>
  db.insertInto("tasks").values((eb) => ({
    id: p.id,
    workspace_id: p.workspace_id,
    context_id: p.context_id,
    kind: p.kind,
    title: p.title,
    prompt: p.prompt,
    status: "queued",
    route_class: p.route_class,
    priority: p.priority,
    due_at_ms: p.due_at_ms,
    assigned_lane: p.assigned_lane,
    source_connector: p.source_connector,
    source_external_id: p.source_external_id,
    source_user_id: p.source_user_id,
    source_text: p.source_text,
    requested_by_user_id: p.requested_by_user_id,
    retry_of_task: p.retry_of_task,
    message_id: p.message_id,
    attempts: eb.lit(0),
    taint: p.taint,
    cause: p.cause,
    created_at_ms: p.created_at_ms,
    updated_at_ms: p.created_at_ms,
    version: eb.lit(1),
  })),
);

type TaskMove = Pick<TasksTable, "id" | "run_id" | "result_summary" | "result_text" | "error_message"> & {
  to: TasksTable["status"];
  now: number;
};
const moveTaskFrom = keyed((from: readonly TasksTable["status"][], to: TasksTable["status"]) =>
  statement((db, p: TaskMove) =>
    db
      .updateTable("tasks")
      .set((eb) => ({
        status: p.to,
        run_id: eb.fn.coalesce(eb.cast<string | null>(eb.val(p.run_id), "text"), "run_id"),
        result_summary: p.result_summary,
        result_text: p.result_text,
        error_message: p.error_message,
        ...(to === "running" ? { started_at_ms: p.now, attempts: eb("attempts", "+", eb.lit(1)) } : {}),
        ...(FINAL_TASK_STATUSES.includes(to) ? { finished_at_ms: p.now } : {}),
        updated_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("status", "in", from),
  ),
);
const setTaskFile = statement((db, p: { id: string; resultPath: string; now: number }) =>
  db
    .updateTable("tasks")
    .set((eb) => ({ result_path: p.resultPath, updated_at_ms: p.now, version: eb("version", "+", eb.lit(1)) }))
    .where("id", "=", p.id),
);

/** One value a distinct (from, to), made when first asked for; the states are few, so it stays small. */
function keyed<S extends string, V>(make: (from: readonly S[], to: S) => V): (from: readonly S[], to: S) => V {
  const made = new Map<string, V>();
  return (from, to) => {
    const key = `${from.join()}>${to}`;
    const value = made.get(key) ?? make(from, to);
    made.set(key, value);
    return value;
  };
}

function createTask(e: Of<"create-task">, { now, cause }: CommitFacts): CompiledEffect {
  const insert: Step = write(insertTask, {
    id: e.id,
    workspace_id: e.workspaceId,
    context_id: e.contextId,
    kind: e.kind,
    title: e.title,
    prompt: e.prompt,
    route_class: e.routeClass,
    priority: e.priority,
    due_at_ms: e.dueAtMs,
    assigned_lane: e.assignedLane,
    source_connector: e.sourceConnector,
    source_external_id: e.sourceExternalId,
    source_user_id: e.sourceUserId,
    source_text: e.sourceText,
    requested_by_user_id: e.requestedByUserId,
    retry_of_task: e.retryOfTask,
    message_id: e.messageId,
    taint: e.taint ? 1 : 0,
    cause,
    created_at_ms: now,
  });
  return { steps: [insert], changes: [{ topic: "tasks", id: e.id }] };
}

export const workSteps = {
  "create-task": createTask,
  "create-run": (e: Of<"create-run">, { now, cause }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertRun, {
        id: e.id,
        kind: e.kind,
        workspace_id: e.workspaceId,
        context_id: e.contextId,
        user_id: e.userId,
        message_id: e.messageId,
        task_id: e.taskId,
        taint: e.taint ? 1 : 0,
        cause,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "runs", id: e.id }],
  }),
  "move-run": (e: Of<"move-run">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(moveRunFrom(e.from, e.to), { id: e.id, to: e.to, model: e.model, error: e.error, now })],
    changes: [{ topic: "runs", id: e.id }],
  }),
  "start-step": (e: Of<"start-step">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertStep, {
        id: e.id,
        run_id: e.runId,
        number: e.number,
        kind: e.kind,
        name: e.name,
        request_digest: e.requestDigest,
        started_at_ms: now,
      }),
    ],
    changes: [],
  }),
  "end-step": (e: Of<"end-step">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(endStep, { id: e.id, state: e.state, result: e.result, error: e.error, now })],
    changes: [],
  }),
  "reserve-usage": (e: Of<"reserve-usage">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertUsage, {
        id: e.id,
        run_id: e.runId,
        step_id: e.stepId,
        workspace_id: e.workspaceId,
        user_id: e.userId,
        model: e.model,
        reserved_micro_usd: e.reservedMicroUsd,
        created_at_ms: now,
      }),
    ],
    changes: [],
  }),
  "settle-usage": (e: Of<"settle-usage">): CompiledEffect => ({
    steps: [
      write(settleUsage, {
        id: e.id,
        state: e.state,
        cost_micro_usd: e.costMicroUsd,
        input_tokens: e.inputTokens,
        output_tokens: e.outputTokens,
      }),
    ],
    changes: [],
  }),
  "move-task": (e: Of<"move-task">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(moveTaskFrom(e.from, e.to), {
        id: e.id,
        to: e.to,
        run_id: e.runId,
        result_summary: e.resultSummary,
        result_text: e.resultText,
        error_message: e.errorMessage,
        now,
      }),
    ],
    changes: [{ topic: "tasks", id: e.id }],
  }),
  "set-task-file": (e: Of<"set-task-file">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(setTaskFile, { id: e.id, resultPath: e.resultPath, now })],
    changes: [{ topic: "tasks", id: e.id }],
  }),
};
