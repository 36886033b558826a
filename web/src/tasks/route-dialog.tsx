import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { TaskView } from "../../../src/client/shapes/task.ts";
import { ROUTE_CLASSES, TASK_PRIORITIES } from "../../../src/core/task/task.ts";
import { DUE_WINDOW_EXAMPLES } from "../../../src/core/triage/due-window.ts";
import { routeTask } from "../api/api.ts";
import { Dialog } from "../parts/dialog.tsx";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { useAction } from "../parts/use-action.ts";
import type { Tasks } from "./create-tasks.ts";
import { CLASS_WORDS, PRIORITY_WORDS } from "./route-words.ts";

interface RouteDialogProps {
  readonly task: TaskView;
  readonly tasks: Tasks;
  readonly onClose: () => void;
}

/** Says what a task is. One that waited for that is set going by it; noise is cancelled. */
export function RouteDialog({ task, tasks, onClose }: RouteDialogProps) {
  const [routeClass, setRouteClass] = useState(
    () => ROUTE_CLASSES.find((name) => name === task.route_class) ?? "task",
  );
  const [priority, setPriority] = useState("");
  const [dueWindow, setDueWindow] = useState("");
  const [wording] = useState(task.wording);
  const action = useAction();
  const isNoise = routeClass === "noise";

  function submit(event: FormEvent): void {
    event.preventDefault();
    const chosen = TASK_PRIORITIES.find((name) => name === priority);
    const body = {
      task_id: task.id,
      route_class: routeClass,
      wording,
      ...(isNoise || chosen === undefined ? {} : { priority: chosen }),
      ...(isNoise || dueWindow.trim() === "" ? {} : { due_window: dueWindow.trim() }),
    };
    action.run(async (signal) => {
      const routed = await routeTask(body, signal);
      await tasks.reread(signal);
      if (routed.waits_because !== "") return `It still waits: ${routed.waits_because}`;
      onClose();
      return undefined;
    });
  }

  return (
    <Dialog title="What is this task?" onClose={onClose}>
      <form className={formClasses["form"]} onSubmit={submit}>
        <p>{task.title}</p>
        <SelectField
          label="Class"
          value={routeClass}
          onChange={(next) =>
            setRouteClass(ROUTE_CLASSES.find((name) => name === next) ?? routeClass)
          }
        >
          {ROUTE_CLASSES.map((name) => (
            <option key={name} value={name}>
              {CLASS_WORDS[name]}
            </option>
          ))}
        </SelectField>
        {!isNoise && (
          <>
            <SelectField label="Priority" value={priority} onChange={setPriority}>
              <option value="">that of the class</option>
              {TASK_PRIORITIES.map((name) => (
                <option key={name} value={name}>
                  {PRIORITY_WORDS[name]}
                </option>
              ))}
            </SelectField>
            <TextInput
              label="Due in"
              description={`As in ${DUE_WINDOW_EXAMPLES}. Left empty: that of the class.`}
              autoComplete="off"
              maxLength={200}
              value={dueWindow}
              onChange={(event) => setDueWindow(event.currentTarget.value)}
            />
          </>
        )}
        <Problem text={action.problem} />
        <div className={formClasses["buttons"]}>
          <Button type="submit" color={isNoise ? "red" : "indigo"} loading={action.isBusy}>
            {buttonFor(task, isNoise)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function buttonFor(task: TaskView, isNoise: boolean): string {
  if (isNoise) return "Cancel the task";
  return task.status === "blocked" ? "Route and start" : "Route";
}
