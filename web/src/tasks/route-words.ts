import type { RouteClass, TaskPriority } from "../../../src/core/task/task.ts";

export const CLASS_WORDS: Readonly<Record<RouteClass, string>> = {
  question: "question",
  issue: "issue",
  task: "task",
  moderation: "moderation",
  noise: "noise: nothing is to be done",
};

export const PRIORITY_WORDS: Readonly<Record<TaskPriority, string>> = {
  p1: "p1: urgent",
  p2: "p2: normal",
  p3: "p3: low",
};
