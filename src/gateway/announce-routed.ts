import { nameRequester } from "../core/access/pairing-name.ts";
import type { Decision } from "../core/effect/commit.ts";
import { bold, buttons, code, codeBlock, doc, p } from "../core/rich-text/build.ts";
import type { Button, RichText } from "../core/rich-text/rich-text.ts";
import { ROUTE_CLASSES, TASK_PRIORITIES } from "../core/task/task.ts";
import { dueText, previewOf } from "../core/triage/routed-task.ts";
import type { Routing } from "../core/triage/routing.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { tellAdmins } from "../operations/tell-admins.ts";
import type { MessageFacts } from "./message-facts.ts";

export interface Announced {
  readonly taskId: string;
  readonly routing: Routing;
  readonly because: string;
  /** Nothing is done about it until somebody says so. */
  readonly isWaiting: boolean;
}

/** Tells whoever looks after the group of a task that triage made, with buttons to put it right. */
export async function announceRouted(
  deps: OperationDeps,
  facts: MessageFacts,
  announced: Announced,
): Promise<Decision> {
  return await tellAdmins(deps, textOf(facts, announced), {
    workspaceId: facts.context.workspace_id,
    toldInContextId: null,
    taskId: announced.taskId,
  });
}

/** What was written, and who calls themselves what, stands in code: no command, link or name in it can be tapped. */
function textOf(
  { message, context, person, isQuoted }: MessageFacts,
  announced: Announced,
): RichText {
  const { taskId, routing, because, isWaiting } = announced;
  const { routeClass, priority, assignedLane, dueAtMs } = routing;
  const who = nameRequester({
    connector: message.connector,
    externalUserId: message.sender_external_id ?? "",
    displayName: person?.display_name ?? message.sender_name ?? "",
  });
  const did = isQuoted ? " forwarded" : " wrote";
  const from = person === undefined ? ["A stranger, ", code(who), `,${did}`] : [code(who), did];
  const place = context.title === "" ? context.external_id : context.title;
  return doc(
    p(bold(`${routeClass}, ${priority}`), `, because ${because}. Task `, code(taskId)),
    p(`Route lane ${assignedLane}, due ${dueText(dueAtMs)}.`),
    p(...from, " in ", code(place), ":"),
    codeBlock(previewOf(message.text)),
    p(
      isWaiting
        ? "It waits: nothing is done until you start it. Any button but Drop does."
        : "It is queued. A button moves it; Drop cancels it.",
    ),
    buttons(...buttonsFor(taskId, routing, isWaiting)),
  );
}

function buttonsFor(
  taskId: string,
  { routeClass, priority }: Routing,
  isWaiting: boolean,
): readonly Button[] {
  const route = (label: string, choice: string) => ({
    label,
    command: `/route ${taskId} ${choice}`,
  });
  return [
    ...(isWaiting ? [route("Start", routeClass)] : []),
    ...TASK_PRIORITIES.filter((one) => one !== priority).map((one) =>
      route(`Priority ${one}`, `${routeClass} ${one}`),
    ),
    ...ROUTE_CLASSES.filter((one) => one !== routeClass && one !== "noise").map((one) =>
      route(`Class ${one}`, one),
    ),
    route("Drop", "noise"),
  ];
}
