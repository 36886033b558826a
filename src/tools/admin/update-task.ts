import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { ROUTE_CLASSES } from "../../core/task/task.ts";
import { DUE_WINDOW_FORMS, parseDueWindow } from "../../core/triage/due-window.ts";
import { ROUTE_LANES } from "../../core/triage/routing.ts";
import { closeTask } from "../../operations/close-task.ts";
import { takeTask } from "../../operations/create-task-of-run.ts";
import { findTask } from "../../operations/find-by-tail.ts";
import { isWaitingForSay } from "../../operations/find-triaged-message.ts";
import { retryTask } from "../../operations/retry-task.ts";
import { routeTask } from "../../operations/route-task.ts";
import { runRowById } from "../../store/queries/runs.ts";
import type { TaskRow } from "../../store/queries/tasks.ts";
import { defineTool, type Tool, type ToolResult, type ToolScene } from "../tool.ts";
import { actorOf, approverOf, operationDeps, type TaskToolDeps } from "./act-in-scene.ts";
import { taskPriority } from "./create-task.ts";

const CLOSED = "Done elsewhere.";

const ROUTED = ["route_class", "priority", "lane", "due_in"] as const;

const input = z
  .strictObject({
    task_id: z.string().trim().min(1).max(80).describe("Its id, or the end of it."),
    status: z
      .enum(["open", "closed"])
      .optional()
      .describe(
        "closed: it was done elsewhere. open: one that failed is done again, as a new task.",
      ),
    summary: z
      .string()
      .trim()
      .min(1)
      .max(4_000)
      .optional()
      .describe("With closed: what came of it."),
    route_class: z.enum(ROUTE_CLASSES).optional(),
    priority: taskPriority.optional(),
    lane: z.enum(ROUTE_LANES).optional(),
    due_in: z
      .string()
      .refine((text) => parseDueWindow(text) !== undefined, `such as ${DUE_WINDOW_FORMS}`)
      .optional()
      .describe(`From now on: ${DUE_WINDOW_FORMS}.`),
  })
  .refine((given) => isRouted(given) || given.status !== undefined, "say what is to change")
  .refine(
    (given) => !(isRouted(given) && given.status !== undefined),
    "status goes alone or with summary: what is over has no class, priority, lane or due time to change",
  )
  .refine(
    (given) => given.summary === undefined || given.status === "closed",
    "summary belongs to status closed",
  );

type Input = z.output<typeof input>;

function isRouted(given: { readonly [Name in (typeof ROUTED)[number]]?: unknown }): boolean {
  return ROUTED.some((name) => given[name] !== undefined);
}

/** Changes what is known of a task, closes it, or has a failed one done again. */
export function updateTaskTool(deps: TaskToolDeps): Tool {
  return defineTool<Input>({
    name: "update_task",
    class: "admin",
    description:
      "Changes the class, priority, lane or due time of an open task, closes one that was done elsewhere, or has a failed one done again. What is left out stays as it is.",
    input,
    effect: "write",
    timeLimitMs: 10_000,
    sensitivityOf: () => "write",
    describe: ({ task_id: id, ...change }) => `Change the task ${id}: ${JSON.stringify(change)}`,
    async run(given, scene) {
      if (given.status === "closed") return await close(deps, given, scene);
      if (given.status === "open") return await open(deps, given, scene);
      return await route(deps, given, scene);
    },
  });
}

async function close(
  deps: TaskToolDeps,
  { task_id: task, summary = CLOSED }: Input,
  scene: ToolScene,
): Promise<ToolResult> {
  const { contextId, isTainted } = scene;
  const { taskId, effects, seen } = await closeTask(operationDeps(deps, scene), approverOf(scene), {
    task,
    summary,
    isTainted,
    contextId,
  });
  return { text: `Closed the task ${taskId}.`, effects, seen };
}

async function open(
  deps: TaskToolDeps,
  { task_id: task }: Input,
  scene: ToolScene,
): Promise<ToolResult> {
  const run = await scene.store.first(runRowById, { id: scene.runId });
  if (run === undefined) throw new AppError("not_found", "The run that asks for it is gone.");
  const operation = operationDeps(deps, scene);
  const taken = await takeTask(operation, run);
  const again = await retryTask(operation, actorOf(scene), { task, contextId: scene.contextId });
  return {
    text: `It is done again, as the task ${again.id}.`,
    effects: [...taken, ...again.effects],
    seen: again.seen,
  };
}

async function route(deps: TaskToolDeps, given: Input, scene: ToolScene): Promise<ToolResult> {
  const { task_id: text, route_class: routeClass, priority, lane, due_in: dueIn } = given;
  const { contextId } = scene;
  const operation = operationDeps(deps, scene);
  const task = await findTask(operation, approverOf(scene), { text, contextId });
  if (isWaitingForSay(task)) {
    throw new AppError(
      "access_denied",
      `Task ${task.id} was made of what somebody wrote and waits until a person says what it is: /route ${task.id} …`,
    );
  }
  const { routing, effects, seen } = await routeTask(operation, approverOf(scene), {
    task: task.id,
    choice: {
      routeClass: routeClass ?? (task.route_class === null ? "task" : "same"),
      priority: priority ?? (routeClass === "noise" ? undefined : task.priority),
      dueAfterMs: dueIn === undefined ? dueAfter(task, routeClass, scene) : parseDueWindow(dueIn),
    },
    assignedLane: lane ?? (routeClass === undefined ? task.assigned_lane : undefined),
    contextId,
  });
  return {
    text: `Task ${task.id} is now ${routing.routeClass}, ${routing.priority}, in the lane ${routing.assignedLane}.`,
    effects,
    seen,
  };
}

/** A due time that is still ahead outlives another class. */
function dueAfter(
  { due_at_ms: dueAtMs }: TaskRow,
  routeClass: Input["route_class"],
  { now }: ToolScene,
): number | undefined {
  const isKept = routeClass !== undefined && routeClass !== "noise";
  return isKept && dueAtMs !== null && dueAtMs > now ? dueAtMs - now : undefined;
}
