import { UnstyledButton } from "@mantine/core";
import type { TaskView } from "../../../src/client/shapes/task.ts";
import { useObserved } from "../live/observable.ts";
import { dayWords, timeOfDay } from "../time/time-words.ts";
import { CancelButton } from "./cancel-button.tsx";
import type { Tasks } from "./create-tasks.ts";
import { OverdueBadge } from "./overdue-badge.tsx";
import { StatusBadge } from "./status-badge.tsx";
import classes from "./task-list.module.css";

export function TaskList({ tasks }: { readonly tasks: Tasks }) {
  const { items } = useObserved(tasks.state);
  if (items === undefined) return null;
  if (items.length === 0) {
    return (
      <p className={classes["empty"]}>
        No tasks yet. A task works on its own and reports back: write <code>/task</code> and what
        should be done.
      </p>
    );
  }
  return (
    <ul className={classes["list"]}>
      {items.map((task) => (
        <TaskRow key={task.id} task={task} tasks={tasks} />
      ))}
    </ul>
  );
}

function TaskRow({ task, tasks }: { readonly task: TaskView; readonly tasks: Tasks }) {
  function open(): void {
    tasks.open(task, new AbortController().signal).catch(() => undefined);
  }
  return (
    <li className={classes["row"]}>
      <UnstyledButton className={classes["open"]} onClick={open}>
        <span className={classes["title"]}>{task.title}</span>
        <span className={classes["facts"]}>
          <StatusBadge status={task.status} />
          {task.is_overdue && <OverdueBadge />}
          <time dateTime={task.created_at}>
            {dayWords(task.created_at, Date.now())}, {timeOfDay(task.created_at)}
          </time>
        </span>
      </UnstyledButton>
      <CancelButton task={task} tasks={tasks} />
    </li>
  );
}
