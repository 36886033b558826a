export const TASK_STATUSES = [
  "queued",
  "running",
  "blocked",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const FINAL_TASK_STATUSES: readonly TaskStatus[] = ["succeeded", "failed", "cancelled"];

export const TASK_KINDS = ["general", "objective"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];
export const ROUTE_CLASSES = ["question", "issue", "task", "moderation", "noise"] as const;
export type RouteClass = (typeof ROUTE_CLASSES)[number];
export const TASK_PRIORITIES = ["p1", "p2", "p3"] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

const TITLE_LENGTH = 72;

/** The first line of a prompt, cut to 72 characters as a person counts them. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().split(/\r?\n/, 1)[0] ?? "";
  const characters = Array.from(
    new Intl.Segmenter("en", { granularity: "grapheme" }).segment(line),
    (s) => s.segment,
  );
  return characters.length <= TITLE_LENGTH
    ? line
    : `${characters.slice(0, TITLE_LENGTH - 1).join("")}…`;
}
