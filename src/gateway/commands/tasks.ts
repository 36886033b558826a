import type { EpochMs } from "../../core/clock.ts";
import { buttons, code, doc, list, p } from "../../core/rich-text/build.ts";
import type { Block } from "../../core/rich-text/rich-text.ts";
import { FINAL_TASK_STATUSES, isOverdue } from "../../core/task/task.ts";
import { dueText } from "../../core/triage/routed-task.ts";
import { listTasks } from "../../operations/list-tasks.ts";
import { runningWork } from "../../operations/running-work.ts";
import { mayEnd } from "../../operations/task-access.ts";
import type { TaskRow } from "../../store/queries/tasks.ts";
import { cancelButton } from "./cancel-button.ts";
import type { Command } from "./command.ts";

const MOST_SHOWN = 10;

export const tasksCommand: Command = {
  name: "tasks",
  aliases: [],
  args: "",
  summary: "List the tasks here and their state, open ones first",
  permission: "read:tasks",
  run: async ({ deps, facts }) => {
    const { actor, context } = facts;
    const { tasks: open } = await runningWork(deps, actor, { contextId: context.id });
    const page = { askedInContextId: context.id, limit: MOST_SHOWN };
    const { items: newest } = await listTasks(deps, actor, page);
    const ended = newest.filter(({ status }) => FINAL_TASK_STATUSES.includes(status));
    // What still waits or runs is what somebody may have to do something about.
    const items = [...open.toSorted(byUrgency), ...ended].slice(0, MOST_SHOWN);
    if (items.length === 0) {
      return {
        reply: doc(p("There are no tasks here yet. Make one with ", code("/task <prompt>"), ".")),
      };
    }
    const endable = items.filter(
      (task) => !FINAL_TASK_STATUSES.includes(task.status) && mayEnd(actor, task),
    );
    const blocks: Block[] = [list(...items.map((task) => taskLine(task, deps.now)))];
    if (open.length > MOST_SHOWN) blocks.push(p("More are open: these are the most urgent."));
    if (endable.length > 0)
      blocks.push(buttons(...endable.map(({ id, title }) => cancelButton(id, title))));
    return { reply: blocks };
  },
};

/** Of equally urgent ones the newest first, as they came. */
function byUrgency(a: TaskRow, b: TaskRow): number {
  return a.priority.localeCompare(b.priority);
}

function taskLine({ id, status, title, due_at_ms: dueAtMs }: TaskRow, now: EpochMs): Block {
  const late = isOverdue({ status, dueAtMs }, now) ? `, overdue since ${dueText(dueAtMs)}` : "";
  return p(code(id), ` ${status}${late}: `, code(title));
}
