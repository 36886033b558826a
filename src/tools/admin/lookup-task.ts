import { z } from "zod";
import { toMinute } from "../../core/clock.ts";
import { shorten } from "../../core/shorten.ts";
import { findTask } from "../../operations/find-by-tail.ts";
import { holdsOthersWords } from "../../operations/holds-others-words.ts";
import type { TaskRow } from "../../store/queries/tasks.ts";
import { defineTool } from "../tool.ts";
import { actorOf } from "./act-in-scene.ts";

const PROMPT_LENGTH = 200;

/** Says how far a task is, of those that may be spoken of in this conversation. */
export const lookupTaskTool = defineTool({
  name: "lookup_task",
  class: "admin",
  description: "Looks up a task: how far it is, when it is due, and what came of it.",
  input: z.strictObject({
    task_id: z.string().trim().min(1).max(80).describe("Its id, or the end of it."),
  }),
  effect: "read",
  timeLimitMs: 10_000,
  sensitivityOf: () => "read",
  describe: ({ task_id: id }) => `Look up the task ${id}`,
  async run({ task_id: text }, scene) {
    const task = await findTask(scene, actorOf(scene), { text, contextId: scene.contextId });
    const isTainted = await holdsOthersWords(scene.store, task);
    return { text: describeTask(task), taintedBy: isTainted ? `the task ${task.id}` : undefined };
  },
});

function describeTask(task: TaskRow): string {
  const { due_at_ms: dueAtMs, result_path: path, error_message: error } = task;
  const [head, text] =
    task.result_summary === null
      ? ["asked for", shorten(task.prompt, PROMPT_LENGTH)]
      : ["result", task.result_summary];
  return [
    `id: ${task.id}`,
    `title: ${task.title}`,
    `status: ${task.status}`,
    `class: ${task.route_class ?? "none"}, priority: ${task.priority}, lane: ${task.assigned_lane}`,
    `created: ${toMinute(task.created_at_ms)}`,
    `due: ${dueAtMs === null ? "never" : toMinute(dueAtMs)}`,
    ...(path === null ? [] : [`file: ${path}`]),
    ...(error === null ? [] : [`error: ${error}`]),
    `${head}: ${text}`,
  ].join("\n");
}
