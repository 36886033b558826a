import type { TaskView } from "../../../src/client/shapes/task.ts";
import type { TaskStatus } from "../../../src/core/task/task.ts";

export const STATUS_WORDS: Readonly<Record<TaskStatus, string>> = {
  queued: "Queued",
  running: "Running",
  blocked: "Blocked",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const STATUS_COLORS: Readonly<Record<TaskStatus, string>> = {
  queued: "gray",
  running: "indigo",
  blocked: "orange",
  succeeded: "green",
  failed: "red",
  cancelled: "gray",
};

export function isUnfinished(task: TaskView): boolean {
  return task.status === "queued" || task.status === "running" || task.status === "blocked";
}
