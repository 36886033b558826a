import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, lazy, Suspense, useState } from "react";
import type { TaskView } from "../../../src/client/shapes/task.ts";
import { Icon } from "../icons/icon.tsx";
import { useObserved } from "../live/observable.ts";
import { FallbackBoundary } from "../markdown/fallback-boundary.tsx";
import { Problem } from "../parts/problem.tsx";
import type { Tasks } from "./create-tasks.ts";
import { PanelHeading } from "./panel-heading.tsx";
import { TaskDetail } from "./task-detail.tsx";
import { TaskList } from "./task-list.tsx";
import classes from "./tasks-panel.module.css";

const RouteDialog = lazy(() =>
  import("./route-dialog.tsx").then(({ RouteDialog }) => ({ default: RouteDialog })),
);

interface TasksPanelProps {
  readonly tasks: Tasks;
  readonly onClose: () => void;
}

/** The tasks beside the conversation, or one of them in full. Escape goes one step back. */
export function TasksPanel({ tasks, onClose }: TasksPanelProps) {
  const { open, problem } = useObserved(tasks.state);
  const [routing, setRouting] = useState<TaskView>();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    if (open === undefined) onClose();
    else tasks.close();
  }

  return (
    <>
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
        {open === undefined ? (
          <TaskList tasks={tasks} />
        ) : (
          <TaskDetail task={open} tasks={tasks} onRoute={() => setRouting(open)} />
        )}
      </aside>
      {routing !== undefined && (
        <FallbackBoundary fallback={<Problem text="This did not load. Reload the page." />}>
          <Suspense fallback={null}>
            <RouteDialog task={routing} tasks={tasks} onClose={() => setRouting(undefined)} />
          </Suspense>
        </FallbackBoundary>
      )}
    </>
  );
}
