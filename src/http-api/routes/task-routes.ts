import type { z } from "zod";
import {
  type CancelledTask,
  type CreatedTask,
  cancelledTask,
  createdTask,
  createTaskHeaders,
  createTaskRequest,
  type RetriedTask,
  type RoutedTask,
  retriedTask,
  routedTask,
  routeTaskRequest,
  type TaskPage,
  taskIdRequest,
  taskPage,
  taskQuery,
  taskView,
} from "../../client/shapes/task.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors.ts";
import { newId, sha256Hex } from "../../core/ids.ts";
import { readDueWindow } from "../../core/triage/parse-route.ts";
import { cancelTask } from "../../operations/cancel-task.ts";
import { createTask, type TaskPlace } from "../../operations/create-task.ts";
import { findTask } from "../../operations/find-by-tail.ts";
import { listTasks } from "../../operations/list-tasks.ts";
import { retryTask } from "../../operations/retry-task.ts";
import { routeTask } from "../../operations/route-task.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { route } from "../route.ts";
import { toRoutedTask, toTaskView } from "../task-view.ts";

const create = route({
  method: "post",
  path: "/api/v1/tasks",
  summary:
    "Creates a task; only `prompt` is needed. A header `Idempotency-Key` makes a repeat harmless.",
  permission: "create:task",
  headers: createTaskHeaders,
  body: createTaskRequest,
  responses: { 202: { description: "It is queued.", schema: createdTask } },
  async handle({ context, actor, headers, body }, deps) {
    const key = headers["idempotency-key"];
    const step = { name: "create-task", actor: actor.id, cause: newId("commit") };
    const { task } = await commitDecision(deps, step, (now) =>
      createTask({ ...deps, now }, actor, {
        prompt: body.prompt,
        place: placeOf(actor, body.context_id),
        messageId: null,
        workspaceId: body.workspace_id,
        title: body.title,
        kind: body.kind,
        routeClass: body.route_class,
        priority: body.priority,
        dueAtMs: toDueAtMs(body.due_at_unix),
        assignedLane: body.assigned_lane,
        idempotency: key === undefined ? undefined : { key, digest: digestOf(body) },
      }),
    );
    const answer: CreatedTask = {
      id: task.id,
      workspace_id: task.workspaceId,
      context_id: task.contextId,
      kind: task.kind,
      status: task.status,
    };
    return context.json(answer, 202);
  },
});

/** The same for the same request, however its JSON was written. */
function digestOf(body: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256Hex(JSON.stringify(sorted));
}

function placeOf(actor: Actor, contextId: string | undefined): TaskPlace {
  if (contextId !== undefined) return { contextId };
  return {
    address: { connector: "api", account: actor.id, externalId: actor.userId ?? actor.id },
    title: actor.displayName,
  };
}

function toDueAtMs(dueAtUnix: number | undefined): number | null | undefined {
  if (dueAtUnix === undefined) return undefined;
  return dueAtUnix === 0 ? null : dueAtUnix * 1_000;
}

const read = route({
  method: "get",
  path: "/api/v1/tasks",
  summary: "One task (`id`), or the tasks you may see, newest first, a page at a time.",
  permission: "read:tasks",
  query: taskQuery,
  responses: {
    200: { description: "The task, or a page of them.", schema: taskView.or(taskPage) },
  },
  async handle({ context, actor, query }, deps) {
    const operation = { store: deps.store, now: deps.clock.now() };
    const shown = { redact: deps.ports.redact, now: operation.now };
    if (query.id !== undefined) {
      requireAlone(query);
      const task = await findTask(operation, actor, { text: query.id, contextId: null });
      return context.json(toTaskView(task, shown));
    }
    const { items, nextCursor } = await listTasks(operation, actor, {
      askedInContextId: null,
      workspaceId: query.workspace_id,
      contextId: query.context_id,
      status: query.status,
      kind: query.kind,
      isOverdue: query.overdue === "true",
      limit: query.limit,
      cursor: query.cursor,
    });
    const page: TaskPage = {
      items: items.map((item) => toTaskView(item, shown)),
      count: items.length,
      next_cursor: nextCursor,
    };
    return context.json(page);
  },
});

function requireAlone({ id: _id, limit: _limit, ...filters }: z.output<typeof taskQuery>): void {
  const other = Object.keys(filters)[0];
  if (other !== undefined) throw new AppError("invalid_input", `${other}: not together with id.`);
}

const cancel = route({
  method: "post",
  path: "/api/v1/tasks/cancel",
  summary: "Cancels a task: at once when it waits, at its next step when it runs.",
  permission: "cancel:own-work",
  body: taskIdRequest,
  responses: {
    202: { description: "It is cancelled or ends at its next step.", schema: cancelledTask },
  },
  async handle({ context, actor, body }, deps) {
    const step = { name: "cancel-task", actor: actor.id, cause: newId("commit") };
    const { taskId, status } = await commitDecision(deps, step, (now) =>
      cancelTask({ store: deps.store, now }, actor, { task: body.task_id, contextId: null }),
    );
    const answer: CancelledTask = { task_id: taskId, status };
    return context.json(answer, 202);
  },
});

const retry = route({
  method: "post",
  path: "/api/v1/tasks/retry",
  summary: "Does a failed task again, as a new one.",
  permission: "retry:task",
  body: taskIdRequest,
  responses: { 202: { description: "The new task is queued.", schema: retriedTask } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "retry-task", actor: actor.id, cause: newId("commit") };
    const { id, retryOf } = await commitDecision(deps, step, (now) =>
      retryTask({ ...deps, now }, actor, { task: body.task_id, contextId: null }),
    );
    const answer: RetriedTask = {
      task_id: id,
      retry_of_task: retryOf.id,
      workspace_id: retryOf.workspace_id,
      context_id: retryOf.context_id,
      kind: retryOf.kind,
      status: "queued",
    };
    return context.json(answer, 202);
  },
});

const reroute = route({
  method: "post",
  path: "/api/v1/tasks/route",
  summary:
    "Says what an open task is: its class, priority and due time, and its place in the queue.",
  permission: "route:task",
  body: routeTaskRequest,
  responses: { 200: { description: "It is routed.", schema: routedTask } },
  async handle({ context, actor, body }, deps) {
    const {
      task_id: task,
      route_class: routeClass,
      priority,
      due_window: dueWindow,
      wording,
    } = body;
    const dueAfterMs = dueWindow === undefined ? undefined : readDueWindow(dueWindow);
    const step = { name: "route-task", actor: actor.id, cause: newId("commit") };
    const routed = await commitDecision(deps, step, (now) =>
      routeTask({ ...deps, now }, actor, {
        task,
        choice: { routeClass, priority, dueAfterMs },
        wording,
        contextId: null,
      }),
    );
    const answer: RoutedTask = toRoutedTask(routed);
    return context.json(answer);
  },
});

export const taskRoutes = [create, read, cancel, retry, reroute];
