import { runRowById } from "../store/queries/runs.ts";
import type { TaskRow } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";

/** Whether others' words are in a task: in its prompt, or by what its run had read before it wrote the result. */
export async function holdsOthersWords(
  store: Reader,
  task: Pick<TaskRow, "taint" | "run_id">,
): Promise<boolean> {
  if (task.taint === 1) return true;
  const run = task.run_id === null ? undefined : await store.first(runRowById, { id: task.run_id });
  return run?.taint === 1;
}
