import { z } from "zod";
import { ROUTE_CLASSES, TASK_KINDS, TASK_PRIORITIES, TASK_STATUSES } from "../../core/task/task.ts";
import { DUE_WINDOW_EXAMPLES } from "../../core/triage/due-window.ts";
import { ROUTE_CHOICES } from "../../core/triage/routing.ts";
import { label, writtenText } from "./text-field.ts";

export const createTaskRequest = z
  .strictObject({
    prompt: writtenText,
    workspace_id: label.optional().describe("Default: your own workspace."),
    context_id: label
      .optional()
      .describe("Where the result is told. Default: your own conversation."),
    title: label.optional().describe("Default: the first line of the prompt."),
    kind: z.enum(TASK_KINDS).optional(),
    route_class: z.enum(ROUTE_CLASSES).optional(),
    priority: z.enum(TASK_PRIORITIES).optional(),
    assigned_lane: label.optional(),
    due_at_unix: z.int().min(0).max(253_402_300_799).optional().describe("0: no due time."),
  })
  .meta({ id: "CreateTaskRequest" });
export type CreateTaskRequest = z.input<typeof createTaskRequest>;

export const createTaskHeaders = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters")
    .optional()
    .describe(
      "Makes a repeat harmless: the same key with the same body is the same task, with another body a 409.",
    ),
});

export const createdTask = z
  .object({
    id: z.string(),
    workspace_id: z.string(),
    context_id: z.string(),
    kind: z.enum(TASK_KINDS),
    status: z
      .enum(TASK_STATUSES)
      .describe("`queued`; of a task that was there already, how far it is."),
  })
  .meta({ id: "CreatedTask" });
export type CreatedTask = z.infer<typeof createdTask>;

export const taskView = z
  .object({
    id: z.string(),
    workspace_id: z.string(),
    context_id: z.string(),
    kind: z.enum(TASK_KINDS),
    title: z.string(),
    prompt: z.string(),
    status: z.enum(TASK_STATUSES),
    route_class: z.string().describe("Empty when no triage took place."),
    priority: z.enum(TASK_PRIORITIES),
    due_at_unix: z.int(),
    due_at: z.iso.datetime().nullable(),
    is_overdue: z.boolean().describe("Its time has passed and it is not over."),
    assigned_lane: z.string(),
    source_connector: z.string(),
    source_external_id: z.string(),
    source_user_id: z.string(),
    source_text: z.string(),
    wording: z
      .int()
      .describe(
        "Counts how often its sender has changed it while it waited to be set going; from 1.",
      ),
    requested_by_user_id: z.string(),
    retry_of_task: z.string(),
    message_id: z.string(),
    run_id: z.string(),
    attempts: z.int(),
    result_summary: z.string(),
    result_text: z.string(),
    result_path: z.string(),
    error_message: z.string(),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
    started_at_unix: z.int(),
    started_at: z.iso.datetime().nullable(),
    finished_at_unix: z.int(),
    finished_at: z.iso.datetime().nullable(),
    updated_at_unix: z.int(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "Task", description: "Unset texts are empty, unset times 0 and null." });
export type TaskView = z.infer<typeof taskView>;

const MAX_TASK_PAGE = 500;

export const taskQuery = z.strictObject({
  id: label
    .optional()
    .describe("One task, alone; a unique tail of 6 characters or more is enough."),
  workspace_id: label.optional().describe("The id, or a unique tail of 6 characters or more."),
  context_id: label.optional().describe("The id, or a unique tail of 6 characters or more."),
  status: z.enum(TASK_STATUSES).optional(),
  kind: z.enum(TASK_KINDS).optional(),
  overdue: z.literal("true").optional().describe("Only open ones whose time has passed."),
  limit: z.coerce.number().int().min(1).max(MAX_TASK_PAGE).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type TaskQuery = z.input<typeof taskQuery>;

export const taskPage = z
  .object({
    items: z.array(taskView).describe("Newest first."),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "TaskPage" });
export type TaskPage = z.infer<typeof taskPage>;

export const taskIdRequest = z
  .strictObject({ task_id: label.describe("The id, or a unique tail of 6 characters or more.") })
  .meta({ id: "TaskIdRequest" });

export const cancelledTask = z.object({ task_id: z.string(), status: z.enum(TASK_STATUSES) }).meta({
  id: "CancelledTask",
  description: "A running task ends at its next step; `status` tells how far it is.",
});
export type CancelledTask = z.infer<typeof cancelledTask>;

export const retriedTask = z
  .object({
    task_id: z.string(),
    retry_of_task: z.string(),
    workspace_id: z.string(),
    context_id: z.string(),
    kind: z.enum(TASK_KINDS),
    status: z.enum(TASK_STATUSES),
  })
  .meta({ id: "RetriedTask" });
export type RetriedTask = z.infer<typeof retriedTask>;

export const routeTaskRequest = z
  .strictObject({
    task_id: label.describe("The id, or a unique tail of 6 characters or more."),
    route_class: z
      .enum(ROUTE_CHOICES)
      .describe("`noise` cancels the task. With `same` all stays that is not named here."),
    priority: z.enum(TASK_PRIORITIES).optional().describe("Default: that of the class."),
    due_window: label
      .optional()
      .describe(`From now, as in ${DUE_WINDOW_EXAMPLES}. Default: that of the class.`),
    wording: z
      .int()
      .min(1)
      .optional()
      .describe(
        "Which wording of it you have read. Any but that of now is a 409. Default: of a task that waits 1, else that of now.",
      ),
  })
  .meta({ id: "RouteTaskRequest" });
export type RouteTaskRequest = z.input<typeof routeTaskRequest>;

export const routedTask = z
  .object({
    task_id: z.string(),
    status: z.enum(TASK_STATUSES),
    route_class: z.enum(ROUTE_CLASSES),
    priority: z.enum(TASK_PRIORITIES),
    assigned_lane: z.string(),
    due_at_unix: z.int(),
    due_at: z.iso.datetime().nullable(),
    waits_because: z
      .string()
      .describe("Why a task that waited to be set going still does; else empty."),
  })
  .meta({
    id: "RoutedTask",
    description: "Noise that runs ends at its next step; `status` tells how far it is.",
  });
export type RoutedTask = z.infer<typeof routedTask>;
