import { code, doc, p } from "../../core/rich-text/build.ts";
import type { Inline } from "../../core/rich-text/rich-text.ts";
import { parseRoute, ROUTE_ARGS } from "../../core/triage/parse-route.ts";
import { dueText } from "../../core/triage/routed-task.ts";
import { type RoutedTask, routeTask } from "../../operations/route-task.ts";
import type { Command } from "./command.ts";

export const routeCommand: Command = {
  name: "route",
  aliases: [],
  args: ROUTE_ARGS,
  summary: "Say what a task is: question, issue, task, moderation or noise",
  permission: "route:task",
  isOursToOffer: true,
  run: async ({ deps, facts, args }) => {
    const { task, wording, ...choice } = parseRoute(args);
    const routed = await routeTask(deps, facts.actor, {
      task,
      choice,
      wording,
      contextId: facts.context.id,
    });
    const { effects, seen, taskId, waitsReason } = routed;
    const reply = doc(p("Task ", code(taskId), ...whatBecame(routed)));
    // A button that did not set it going may be pressed again.
    return { reply, effects, seen, ...(waitsReason === undefined ? {} : { reason: waitsReason }) };
  },
};

/** The title may be a stranger's words, so it is shown as what it is: a piece of text. */
function whatBecame(routed: RoutedTask): readonly (Inline | string)[] {
  const { title, routing, status, waitsBecause, isEnding } = routed;
  const { routeClass, priority, assignedLane, dueAtMs } = routing;
  if (status === "cancelled") return [" is noise and cancelled: ", code(title)];
  if (isEnding) return [" is noise and stops at its next step: ", code(title)];
  const where = ` is ${routeClass}, ${priority}, route lane ${assignedLane}, due ${dueText(dueAtMs)}: `;
  return waitsBecause === ""
    ? [where, code(title)]
    : [where, code(title), `. It still waits. ${waitsBecause}`];
}
