import { Argument, Command, Option } from "commander";
import type { TaskPage, TaskView } from "../../client/shapes/task.ts";
import { TASK_KINDS, TASK_STATUSES, type TaskKind, type TaskStatus } from "../../core/task/task.ts";
import { DUE_WINDOW_EXAMPLES } from "../../core/triage/due-window.ts";
import { parseRoute } from "../../core/triage/parse-route.ts";
import { dueText } from "../../core/triage/routed-task.ts";
import { ROUTE_CHOICES } from "../../core/triage/routing.ts";
import { withRuntime } from "../connect.ts";
import { formatInstant } from "../format-instant.ts";
import { formatTable } from "../format-table.ts";
import { limitOption } from "../limit-option.ts";
import { printJson, printText } from "../print.ts";

interface ListOptions {
  readonly status?: TaskStatus;
  readonly kind?: TaskKind;
  readonly overdue?: true;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function tasksCommand(): Command {
  return new Command("tasks")
    .description("Work that was asked for.")
    .addCommand(
      new Command("list")
        .description("Print tasks, the newest first.")
        .addOption(new Option("--status <status>", "only these").choices(TASK_STATUSES))
        .addOption(new Option("--kind <kind>", "only these").choices(TASK_KINDS))
        .option("--overdue", "only open ones whose time has passed")
        .addOption(limitOption(500))
        .option("--cursor <cursor>", "go on after the page before")
        .option("--json", "print JSON")
        .action(listTasks),
    )
    .addCommand(
      new Command("show")
        .description("Print one task with its result.")
        .addArgument(idArgument())
        .option("--json", "print JSON")
        .action(showTask),
    )
    .addCommand(
      new Command("retry")
        .description("Do a failed task again, as a new one.")
        .addArgument(idArgument())
        .action(async (id: string) => {
          const task = await withRuntime((runtime) => runtime.retryTask(id));
          printText(`${task.task_id} is ${task.status}, again for ${task.retry_of_task}.`);
        }),
    )
    .addCommand(
      new Command("route")
        .description("Say what an open task is, and move it in the queue accordingly.")
        .addArgument(idArgument())
        .argument(
          "<class>",
          `one of: ${ROUTE_CHOICES.join(", ")}; noise cancels it, with same all stays that you leave out`,
        )
        .argument("[priority]", "p1, p2 or p3; that of the class when left out")
        .argument("[due-window]", `from now, as in ${DUE_WINDOW_EXAMPLES}`)
        .argument(
          "[wording]",
          "of one whose sender has changed it: the one you have read, as in v2",
        )
        .action(routeTask),
    )
    .addCommand(
      new Command("cancel")
        .description("Stop a task at its next step.")
        .addArgument(idArgument())
        .action(async (id: string) => {
          const task = await withRuntime((runtime) => runtime.cancelTask(id));
          const isRunning = task.status === "running";
          printText(
            isRunning
              ? `${task.task_id} ends at its next step.`
              : `${task.task_id} is ${task.status}.`,
          );
        }),
    );
}

function idArgument(): Argument {
  return new Argument("<id>", "its id, or a unique tail of six characters or more");
}

async function listTasks({ json = false, overdue, ...query }: ListOptions): Promise<void> {
  const only = overdue === true ? { overdue: "true" as const } : {};
  const page = await withRuntime((runtime) => runtime.listTasks({ ...query, ...only }));
  if (json) printJson(page);
  else printText(formatPage(page));
}

function formatPage({ items, next_cursor }: TaskPage): string {
  if (items.length === 0) return "There are no such tasks.";
  const table = formatTable([
    ["ID", "STATUS", "CREATED", "TITLE"],
    ...items.map((task) => [
      task.id,
      task.is_overdue ? `${task.status}, overdue` : task.status,
      formatInstant(task.created_at),
      task.title,
    ]),
  ]);
  return next_cursor === null ? table : `${table}\nThere are more: --cursor ${next_cursor}`;
}

async function routeTask(...fields: readonly unknown[]): Promise<void> {
  const typed = fields.filter((field) => typeof field === "string").join(" ");
  const { task, routeClass, priority, dueAfterMs, wording } = parseRoute(typed);
  const routed = await withRuntime((runtime) =>
    runtime.routeTask({
      task_id: task,
      route_class: routeClass,
      ...(priority === undefined ? {} : { priority }),
      ...(dueAfterMs === undefined ? {} : { due_window: `${dueAfterMs / 1_000}s` }),
      ...(wording === undefined ? {} : { wording }),
    }),
  );
  const due = dueText(routed.due_at_unix === 0 ? null : routed.due_at_unix * 1_000);
  const facts = `${routed.route_class}, ${routed.priority}, ${routed.assigned_lane}, due ${due}`;
  printText(`${routed.task_id} is ${routed.status}: ${facts}.`);
  if (routed.waits_because !== "") printText(`It still waits. ${routed.waits_because}`);
}

async function showTask(id: string, { json = false }: { json?: boolean }): Promise<void> {
  const task = await withRuntime((runtime) => runtime.getTask(id));
  if (json) printJson(task);
  else printText(formatTask(task));
}

function dueFact({ due_at, is_overdue }: TaskView): string {
  if (due_at === null) return "";
  return is_overdue ? `${formatInstant(due_at)}, overdue` : formatInstant(due_at);
}

function formatTask(task: TaskView): string {
  const facts: readonly (readonly [string, string])[] = [
    ["id", task.id],
    ["status", task.status],
    ["title", task.title],
    ["class", task.route_class],
    ["priority", task.priority],
    ["lane", task.assigned_lane],
    ["due", dueFact(task)],
    [
      "from",
      [task.source_connector, task.source_external_id].filter((part) => part !== "").join(" "),
    ],
    ["wording", task.wording === 1 ? "" : `v${task.wording}`],
    ["created", formatInstant(task.created_at)],
    ["started", formatInstant(task.started_at)],
    ["finished", formatInstant(task.finished_at)],
    ["attempts", String(task.attempts)],
    ["file", task.result_path],
    ["error", task.error_message],
  ];
  const table = formatTable(facts.filter(([, value]) => value !== ""));
  const result = task.result_text || task.result_summary;
  return result === "" ? table : `${table}\n\n${result}`;
}
