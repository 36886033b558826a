import { nameRequester } from "../core/access/pairing-name.ts";
import type { Decision } from "../core/effect/commit.ts";
import { bold, buttons, code, codeBlock, doc, p } from "../core/rich-text/build.ts";
import type { Button, RichText } from "../core/rich-text/rich-text.ts";
import { ROUTE_CLASSES, TASK_PRIORITIES } from "../core/task/task.ts";
import { dueText, previewOf } from "../core/triage/routed-task.ts";
import type { Routing } from "../core/triage/routing.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import { tellAdmins } from "../operations/tell-admins.ts";
import type { MessageFacts } from "./message-facts.ts";
import { whatStartTakes } from "./what-start-takes.ts";

export interface Announced {
  readonly taskId: string;
  readonly routing: Routing;
  readonly because: string;
  /** Nothing is done about it until somebody says so. */
  readonly isWaiting: boolean;
  /** Set when it was announced before, with other words: which of its wordings this is. */
  readonly wording?: number;
}

/** Tells whoever looks after the group of a task that triage made, with buttons to put it right. */
export async function announceRouted(
  deps: ModelDeps,
  facts: MessageFacts,
  announced: Announced,
): Promise<Decision> {
  const start = whatStartTakes(deps.modelRules, facts.context);
  return await tellAdmins(deps, textOf(facts, announced, start), {
    workspaceId: facts.context.workspace_id,
    toldInContextId: null,
    taskId: announced.taskId,
  });
}

/** What was written, and who calls themselves what, stands in code: no command, link or name in it can be tapped. */
function textOf(
  { message, context, person, isQuoted, files }: MessageFacts,
  announced: Announced,
  start: string,
): RichText {
  const { taskId, routing, because, wording } = announced;
  const { routeClass, priority, assignedLane, dueAtMs } = routing;
  const who = nameRequester({
    connector: message.connector,
    externalUserId: message.sender_external_id ?? "",
    displayName: person?.display_name ?? message.sender_name ?? "",
  });
  const did = isQuoted ? " forwarded" : message.kind === "edit" ? " edited a message" : " wrote";
  const from = person === undefined ? ["A stranger, ", code(who), `,${did}`] : [code(who), did];
  const place = context.title === "" ? context.external_id : context.title;
  return doc(
    p(
      bold(`${wording === undefined ? "" : "Changed: "}${routeClass}, ${priority}`),
      `, because ${because}. Task `,
      code(taskId),
    ),
    p(`Route lane ${assignedLane}, due ${dueText(dueAtMs)}.`),
    p(...from, " in ", code(place), ":"),
    codeBlock(previewOf(message.text)),
    p(whatFollows(announced, start, files.length)),
    buttons(...buttonsFor(announced)),
  );
}

function whatFollows({ isWaiting, wording }: Announced, start: string, files: number): string {
  if (!isWaiting) return "It is queued. A button moves it; Drop cancels it.";
  return [
    start,
    ...(wording === undefined ? [] : ["The buttons of earlier notices of it do nothing any more."]),
    ...(files === 0 ? [] : [`What came with it is fetched then.`]),
  ].join(" ");
}

function buttonsFor({ taskId, routing, isWaiting, wording }: Announced): readonly Button[] {
  const { routeClass, priority } = routing;
  const read = wording === undefined ? "" : ` v${wording}`;
  const route = (label: string, choice: string) => ({
    label,
    command: `/route ${taskId} ${choice}${read}`,
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
