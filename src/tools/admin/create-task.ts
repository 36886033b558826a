import { z } from "zod";
import { TASK_PRIORITIES, type TaskPriority } from "../../core/task/task.ts";
import { createTaskOfRun } from "../../operations/create-task-of-run.ts";
import { defineTool, type Tool } from "../tool.ts";
import { actorOf, operationDeps, type TaskToolDeps } from "./act-in-scene.ts";

const SYNONYMS: Readonly<Record<string, TaskPriority>> = {
  critical: "p1",
  urgent: "p1",
  high: "p1",
  medium: "p2",
  normal: "p2",
  low: "p3",
};

/** `p1` to `p3`, or a word for one of them. */
export const taskPriority = z
  .enum([...TASK_PRIORITIES, ...Object.keys(SYNONYMS)])
  .transform((text) => SYNONYMS[text] ?? (text as TaskPriority));

/** Puts work aside to be done in the background. */
export function createTaskTool(deps: TaskToolDeps): Tool {
  return defineTool({
    name: "create_task",
    class: "admin",
    description:
      "Makes a background task, which is begun at once by an agent of its own and brings its result to this conversation. Give it all it must know: it sees nothing of what was said here.",
    input: z.strictObject({
      title: z.string().trim().min(1).max(120),
      description: z.string().trim().min(1).max(4_000).describe("What is to be done, in full."),
      priority: taskPriority.default("p3"),
    }),
    effect: "write",
    timeLimitMs: 10_000,
    sensitivityOf: () => "write",
    describe: ({ title, description, priority }) =>
      `Create the task ${JSON.stringify(title)} (${priority}): ${description}`,
    async run({ title, description, priority }, scene) {
      const { task, effects, seen } = await createTaskOfRun(
        operationDeps(deps, scene),
        actorOf(scene),
        {
          runId: scene.runId,
          title,
          prompt: description,
          priority,
          isTainted: scene.isTainted,
        },
      );
      return { text: `Created the task ${task.id}. It is queued.`, effects, seen };
    },
  });
}
