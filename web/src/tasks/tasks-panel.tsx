import { ActionIcon } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { Icon } from "../icons/icon.tsx";
import { useObserved } from "../live/observable.ts";
import type { Tasks } from "./create-tasks.ts";
import { PanelHeading } from "./panel-heading.tsx";
import { TaskDetail } from "./task-detail.tsx";
import { TaskList } from "./task-list.tsx";
import classes from "./tasks-panel.module.css";

interface TasksPanelProps {
  readonly tasks: Tasks;
  readonly onClose: () => void;
}

/** The tasks beside the conversation, or one of them in full. Escape goes one step back. */
export function TasksPanel({ tasks, onClose }: TasksPanelProps) {
  const { open, problem } = useObserved(tasks.state);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    if (open === undefined) onClose();
    else tasks.close();
  }

  return (
    <aside
      id="tasks"
      className={classes["panel"]}
      aria-labelledby="tasks-heading"
      onKeyDown={onKeyDown}
    >
      <div className={classes["top"]}>
        {open !== undefined && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Back to all tasks"
            onClick={tasks.close}
          >
            <Icon name="back" />
          </ActionIcon>
        )}
        <PanelHeading key={open?.id} text={open?.title ?? "Tasks"} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Close tasks"
          onClick={onClose}
        >
          <Icon name="close" />
        </ActionIcon>
      </div>
      {problem !== undefined && (
        <p role="alert" className={classes["problem"]}>
          {problem}
        </p>
      )}
      {open === undefined ? <TaskList tasks={tasks} /> : <TaskDetail task={open} tasks={tasks} />}
    </aside>
  );
}
