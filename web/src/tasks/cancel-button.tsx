import { Button } from "@mantine/core";
import type { TaskView } from "../../../src/client/shapes/task.ts";
import { useObserved } from "../live/observable.ts";
import type { Tasks } from "./create-tasks.ts";
import { isUnfinished } from "./task-words.ts";

/** There for tasks that can still be cancelled. */
export function CancelButton({ task, tasks }: { readonly task: TaskView; readonly tasks: Tasks }) {
  const { busy } = useObserved(tasks.state);
  if (!isUnfinished(task)) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      fw={500}
      disabled={busy.has(task.id)}
      aria-label={`Cancel ${task.title}`}
      onClick={() => {
        tasks.cancel(task.id, new AbortController().signal).catch(() => undefined);
      }}
    >
      Cancel
    </Button>
  );
}
