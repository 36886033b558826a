import { Button } from "@mantine/core";
import type { TaskView } from "../../../src/client/shapes/task.ts";
import { may } from "../../../src/core/access/permission.ts";
import { useObserved } from "../live/observable.ts";
import { MarkdownText } from "../markdown/markdown-text.tsx";
import { useConsole } from "../shell/console-context.ts";
import { fullTime } from "../time/time-words.ts";
import { CancelButton } from "./cancel-button.tsx";
import type { Tasks } from "./create-tasks.ts";
import { OverdueBadge } from "./overdue-badge.tsx";
import { PRIORITY_WORDS } from "./route-words.ts";
import { StatusBadge } from "./status-badge.tsx";
import classes from "./task-detail.module.css";
import { isUnfinished } from "./task-words.ts";

interface TaskDetailProps {
  readonly task: TaskView;
  readonly tasks: Tasks;
  readonly onRoute: () => void;
}

/** One task: its state, what was asked, what came of it. */
export function TaskDetail({ task, tasks, onRoute }: TaskDetailProps) {
  const { role } = useConsole();
  const { busy } = useObserved(tasks.state);
  const result = task.result_text || task.result_summary;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes["detail"]} tabIndex={0} aria-label="Task">
      <div className={classes["state"]}>
        <StatusBadge status={task.status} />
        {task.is_overdue && <OverdueBadge />}
        <CancelButton task={task} tasks={tasks} />
        {isUnfinished(task) && may(role, "route:task") && (
          <Button variant="default" size="compact-sm" fw={500} onClick={onRoute}>
            Route…
          </Button>
        )}
        {task.status === "failed" && (
          <Button
            variant="default"
            size="compact-sm"
            fw={500}
            disabled={busy.has(task.id)}
            onClick={() => {
              tasks.retry(task.id, new AbortController().signal).catch(() => undefined);
            }}
          >
            Try again
          </Button>
        )}
      </div>
      {task.error_message !== "" && <p className={classes["error"]}>{task.error_message}</p>}
      <h3 className={classes["label"]}>Result</h3>
      {result === "" ? (
        <p className={classes["quiet"]}>{noResultWords(task)}</p>
      ) : (
        <MarkdownText text={result} />
      )}
      <h3 className={classes["label"]}>Asked</h3>
      <p className={classes["prompt"]}>{task.prompt}</p>
      <dl className={classes["facts"]}>
        <Fact name="Created" value={fullTime(task.created_at)} />
        {task.started_at !== null && <Fact name="Started" value={fullTime(task.started_at)} />}
        {task.finished_at !== null && <Fact name="Finished" value={fullTime(task.finished_at)} />}
        {task.route_class !== "" && <Fact name="Class" value={task.route_class} />}
        <Fact name="Priority" value={PRIORITY_WORDS[task.priority]} />
        {task.assigned_lane !== "" && <Fact name="Route lane" value={task.assigned_lane} />}
        {task.due_at !== null && <Fact name="Due" value={fullTime(task.due_at)} />}
        {task.result_path !== "" && <Fact name="File" value={task.result_path} />}
        <Fact name="Id" value={task.id} />
      </dl>
    </section>
  );
}

function noResultWords(task: TaskView): string {
  if (task.status === "blocked" && task.route_class !== "")
    return "It waits until somebody says what it is: route it.";
  return isUnfinished(task) ? "Not there yet." : "There is none.";
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
