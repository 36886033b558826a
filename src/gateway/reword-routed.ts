import type { Effect } from "../core/effect/effect.ts";
import { plainText } from "../core/message/storable-text.ts";
import { classify } from "../core/triage/classify.ts";
import { routedPrompt, routedTitle } from "../core/triage/routed-task.ts";
import { type Routing, routingOf } from "../core/triage/routing.ts";
import { isWaitingForSay } from "../operations/find-triaged-message.ts";
import { supersedeRoutedCards } from "../operations/revise-routed-card.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import type { MessageRow } from "../store/queries/messages.ts";
import { type TaskRow, taskById } from "../store/queries/tasks.ts";
import { announceRouted } from "./announce-routed.ts";
import { versionsBefore } from "./judge-edit.ts";
import { takeRouted } from "./limits.ts";
import type { MessageFacts } from "./message-facts.ts";
import { REPLACED } from "./take-newest-edit.ts";
import type { TriageRules } from "./triage.ts";
import { dropped, type Verdict } from "./verdict.ts";

interface WaitingTask {
  readonly task: TaskRow;
  /** The message that it was made of, with what that says up to now. */
  readonly version: MessageRow;
}

/**
 * The task that triage made of what the message said before says what it says now, while it waits for somebody's say; who
 * is to say it is told of the new words. `undefined`: there is no such task, or it was set going or ended.
 */
export async function rewordRouted(
  { notifyAdmin }: TriageRules,
  deps: ModelDeps,
  facts: MessageFacts,
): Promise<Verdict | undefined> {
  const waiting = await findWaitingTask(deps, facts);
  if (waiting === undefined) return undefined;
  const share = await takeRouted(deps, facts);
  if (share === undefined) return dropped("rate_limited");
  const { task, version } = waiting;
  const { routing, because } = routeAgain(task, facts.message.text);
  const wording = task.wording + 1;
  const announced = { taskId: task.id, routing, because, isWaiting: true, wording };
  const told = notifyAdmin
    ? await announceRouted(deps, facts, announced)
    : { effects: [], seen: [] };
  const earlier = await supersedeRoutedCards(deps, { taskId: task.id, wording: task.wording });
  return dropped(REPLACED, {
    effects: [
      ...share,
      { type: "replace-message", id: version.id, editId: facts.message.id },
      reword(facts, waiting, { routing, because }),
      ...earlier,
      ...told.effects,
    ],
    seen: [
      { table: "tasks", id: task.id, version: task.version },
      { table: "messages", id: version.id, version: version.version },
      ...told.seen,
    ],
  });
}

async function findWaitingTask(
  { store }: ModelDeps,
  facts: MessageFacts,
): Promise<WaitingTask | undefined> {
  if (facts.message.kind !== "edit") return undefined;
  const version = versionsBefore(facts).find(({ outcome }) => outcome === "task");
  if (version === undefined) return undefined;
  const task = await store.first(taskById, { id: version.task_id ?? "" });
  return task !== undefined && isWaitingForSay(task) ? { task, version } : undefined;
}

interface Rerouted {
  readonly routing: Routing;
  readonly because: string;
}

/** By the rules where they have routed it until now, and where they find anything in what it says. */
function routeAgain(task: TaskRow, text: string): Rerouted {
  const since = task.created_at_ms;
  const byRules = routingOf(classify(task.source_text), since);
  const classified = classify(text);
  const isByRules =
    byRules.routeClass === task.route_class &&
    byRules.priority === task.priority &&
    byRules.dueAtMs === task.due_at_ms;
  if (isByRules && classified.routeClass !== "noise") {
    return { routing: routingOf(classified, since), because: classified.because };
  }
  return {
    routing: {
      routeClass: task.route_class ?? classified.routeClass,
      priority: task.priority,
      dueAtMs: task.due_at_ms,
      assignedLane: task.assigned_lane,
    },
    because: "it was that before",
  };
}

function reword(
  { message, person, isQuoted }: MessageFacts,
  { task, version }: WaitingTask,
  { routing, because }: Rerouted,
): Effect {
  const text = plainText(message.text);
  const source = {
    connector: task.source_connector,
    externalId: task.source_external_id,
    senderExternalId: message.sender_external_id ?? "",
    text,
    isEdit: version.kind === "edit",
    isToModel: message.addressed === 1,
  };
  return {
    type: "reword-task",
    id: task.id,
    title: routedTitle(routing.routeClass, text),
    prompt: routedPrompt(routing, { because }, source),
    sourceText: text,
    taint: task.taint === 1 || person === undefined || isQuoted,
    ...routing,
  };
}
