/** Begins a line of the system prompt of every background task, and of nothing else. */
export const BACKGROUND_TASK_MARKER = "Mode: background task.";

/** A marker in the middle of a line is somebody's words, such as the title of a group. */
export function isBackgroundTask(instructions: string): boolean {
  return instructions.split("\n").some((line) => line.startsWith(BACKGROUND_TASK_MARKER));
}
