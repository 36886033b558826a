import { may } from "../core/access/permission.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf } from "../core/job/lanes.ts";
import { plainText } from "../core/message/storable-text.ts";
import { doc, p } from "../core/rich-text/build.ts";
import type { RouteClass } from "../core/task/task.ts";
import { type Classified, classify } from "../core/triage/classify.ts";
import { needsFollowUp } from "../core/triage/needs-follow-up.ts";
import { routedPrompt, routedTitle } from "../core/triage/routed-task.ts";
import { type Routing, routingOf } from "../core/triage/routing.ts";
import { runTaskJob } from "../operations/create-task.ts";
import { expectFiles } from "../operations/expect-files.ts";
import { type ModelDeps, permitModel } from "../operations/start-model.ts";
import { announceRouted } from "./announce-routed.ts";
import { takeRouted, takeRoutedNotice } from "./limits.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { ParsedText } from "./parse-command.ts";
import { dropped, type Verdict } from "./verdict.ts";

export interface TriageRules {
  /** Off: no group is triaged, whatever it opted in to. */
  readonly enabled: boolean;
  /** Whether admins hear of every routed task. */
  readonly notifyAdmin: boolean;
}

/** Whether what was said here is triaged when it is not ours to answer: its group opted in, and it is plain text. */
export function isTriaged(
  { enabled }: TriageRules,
  { context }: MessageFacts,
  parsed: ParsedText,
): boolean {
  return enabled && context.kind === "group" && context.is_triaged === 1 && parsed.kind === "prose";
}

/**
 * Makes a routed task of what a group should follow up, by fixed rules alone. It is set going at once only when whoever
 * wrote it could have asked for it; what strangers write, what members forward, and what is about people waits for an
 * operator's say.
 */
export async function triage(
  rules: TriageRules,
  deps: ModelDeps,
  facts: MessageFacts,
): Promise<Verdict> {
  const { message } = facts;
  const classified = classify(message.text);
  const rule = `triage:${classified.routeClass}`;
  if (classified.routeClass === "noise") return dropped("noise", { rule });
  if (!isRoutable(classified, facts)) return dropped("not_routable", { rule });
  const share = await takeRouted(deps, facts);
  if (share === undefined) return dropped("rate_limited", { rule });

  const routing = routingOf(classified, deps.now);
  const permit = await permitStart(deps, facts, routing);
  const isWaiting = permit === undefined;
  const taskId = newId("task");
  const { because } = classified;
  const told = rules.notifyAdmin
    ? await announceRouted(deps, facts, { taskId, routing, because, isWaiting, wording: 1 })
    : { effects: [], seen: [] };
  const notice = await acknowledge(deps, facts, routing, isWaiting);
  return {
    rule,
    outcome: "task",
    reason: null,
    taskId,
    ...(notice === undefined ? {} : { reply: notice.reply }),
    effects: [
      ...share,
      ...(permit ?? []),
      createRouted(facts, taskId, classified, routing, isWaiting),
      ...(isWaiting ? [] : workOn(deps, facts, taskId, routing)),
      ...(notice === undefined ? [] : [notice.taken]),
      ...told.effects,
    ],
    seen: told.seen,
  };
}

/** A question that asks nobody to look anything up is talk among people, unless it was put to us. */
function isRoutable({ routeClass }: Classified, { message }: MessageFacts): boolean {
  return routeClass !== "question" || message.addressed === 1 || needsFollowUp(message.text);
}

/** What setting it going takes, by the rules for a task of theirs; `undefined`: it waits for somebody's say. */
async function permitStart(
  deps: ModelDeps,
  { actor: { role, userId }, context, message, isQuoted }: MessageFacts,
  { routeClass }: Routing,
): Promise<readonly Effect[] | undefined> {
  if (isQuoted) return undefined;
  if (routeClass === "moderation" || role === undefined || userId === undefined) return undefined;
  if (!may(role, "create:task")) return undefined;
  const permit = await permitModel(deps, { role, userId, context, words: message.text });
  return permit.isAllowed ? permit.effects : undefined;
}

/** The work itself, behind the fetching of what came with the message. Nothing is fetched for what waits. */
function workOn(
  deps: ModelDeps,
  { message, context, actor, files }: MessageFacts,
  taskId: string,
  { priority }: Routing,
): readonly Effect[] {
  const { userId = "" } = actor;
  const of = { files, messageId: message.id, context, userId, lane: laneOf.task(taskId) };
  return [...expectFiles(deps, of), runTaskJob(taskId, priority, deps.now)];
}

function createRouted(
  { message, context, person, actor, isQuoted }: MessageFacts,
  id: string,
  classified: Classified,
  { routeClass, priority, dueAtMs, assignedLane }: Routing,
  isWaiting: boolean,
): Effect {
  const text = plainText(message.text);
  const source = {
    connector: message.connector,
    externalId: context.external_id,
    senderExternalId: message.sender_external_id ?? "",
    text,
    isEdit: message.kind === "edit",
    isToModel: message.addressed === 1,
  };
  return {
    type: "create-task",
    id,
    workspaceId: context.workspace_id,
    contextId: context.id,
    kind: "general",
    title: routedTitle(routeClass, text),
    prompt: routedPrompt({ routeClass, priority, dueAtMs, assignedLane }, classified, source),
    routeClass,
    priority,
    dueAtMs,
    assignedLane,
    sourceConnector: message.connector,
    sourceExternalId: context.external_id,
    sourceUserId: actor.id,
    sourceText: text,
    requestedByUserId: person?.user_id ?? null,
    retryOfTask: null,
    messageId: message.id,
    taint: person === undefined || isQuoted,
    ...(isWaiting ? { waits: true } : {}),
  };
}

const NOTED: Readonly<Record<Exclude<RouteClass, "moderation" | "noise">, string>> = {
  issue: "I noted this as an issue.",
  task: "I noted this as a task.",
  question: "I noted this question.",
};

/** One sentence, now and then: a group is no place for an echo, and a report about people is not confirmed before them. */
async function acknowledge(
  deps: ModelDeps,
  facts: MessageFacts,
  { routeClass }: Routing,
  isWaiting: boolean,
) {
  if (routeClass === "moderation" || routeClass === "noise") return undefined;
  const taken = await takeRoutedNotice(deps, facts);
  if (taken === undefined) return undefined;
  const next = isWaiting
    ? "Somebody who looks after this group decides what is done."
    : "I am working on it.";
  return { taken, reply: doc(p(`${NOTED[routeClass]} ${next}`)) };
}
