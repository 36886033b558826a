import { AppError } from "../../core/errors.ts";
import { hasVisibleText } from "../../core/message/storable-text.ts";
import { buttons, code, doc, p } from "../../core/rich-text/build.ts";
import { createTask } from "../../operations/create-task.ts";
import { beginsAt } from "../join-album.ts";
import type { Command } from "./command.ts";

export const taskCommand: Command = {
  name: "task",
  aliases: [],
  args: "<prompt>",
  summary: "Hand over work to be done in the background",
  permission: "create:task",
  setsModelToWork: true,
  run: async ({ deps, facts, args, isTainted }) => {
    if (!hasVisibleText(args)) {
      throw new AppError("invalid_input", "Say what is to be done: /task <prompt>");
    }
    const { task, effects, seen } = await createTask(deps, facts.actor, {
      prompt: args,
      place: { contextId: facts.context.id },
      messageId: facts.message.id,
      files: facts.files,
      isTainted,
      runAtMs: beginsAt(deps.now, facts),
      routeClass: "task",
    });
    return {
      reply: doc(
        p("Task ", code(task.id), " is queued: ", code(task.title)),
        buttons({ label: "Cancel it", command: `/cancel ${task.id}` }),
      ),
      effects,
      seen,
      taskId: task.id,
    };
  },
};
