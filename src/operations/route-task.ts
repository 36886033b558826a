import type { Actor } from "../core/access/actor.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { FINAL_TASK_STATUSES, ROUTE_CLASSES, type TaskStatus } from "../core/task/task.ts";
import { routedPrompt, routedTitle } from "../core/triage/routed-task.ts";
import { type RouteChoice, type Routing, reroute } from "../core/triage/routing.ts";
import { contextById } from "../store/queries/contexts.ts";
import { type JobRow, jobsOfLane } from "../store/queries/jobs.ts";
import type { TaskRow } from "../store/queries/tasks.ts";
import { type EndedFrom, endTaskNow } from "./cancel-task.ts";
import { runTaskJob } from "./create-task.ts";
import { type ExpectedFiles, expectFiles, filesOfMessage } from "./expect-files.ts";
import { findTask } from "./find-by-tail.ts";
import { findTriagedMessage, isWaitingForSay } from "./find-triaged-message.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { messagesBehindTask } from "./parts-of-album.ts";
import { nameDecider, reviseRoutedCards } from "./revise-routed-card.ts";
import { type ModelDeps, permitModel } from "./start-model.ts";

export interface RouteTaskInput {
  /** Its id or a unique tail of it. */
  readonly task: string;
  readonly choice: RouteChoice;
  /** Who looks after it. Default: whoever looks after its class. */
  readonly assignedLane?: string | undefined;
  /** Which wording of it was read. Default: of one that waits the first, else whatever it is. */
  readonly wording?: number | undefined;
  /** The conversation it is routed from, if any. */
  readonly contextId: string | null;
}

export interface RoutedTask extends Decision {
  readonly taskId: string;
  readonly title: string;
  readonly routing: Routing;
  /** How far the task is then. */
  readonly status: TaskStatus;
  /** Why a task that waited for this still does, in words; empty when it does not. */
  readonly waitsBecause: string;
  /** The same as a reason to record. */
  readonly waitsReason?: string;
  /** It is noise and runs: it ends at its next step. */
  readonly isEnding: boolean;
}

/** What triage made of a message says what it is, in its title and to the model: so that stays true. */
async function reword(deps: ModelDeps, task: TaskRow, routing: Routing) {
  const message = await findTriagedMessage(deps.store, task);
  if (message === undefined) return null;
  const { source_connector: connector, source_external_id: externalId, source_text: text } = task;
  const senderExternalId = message.sender_external_id ?? "";
  const isEdit = message.kind === "edit";
  const isToModel = message.addressed === 1;
  const source = { connector, externalId, senderExternalId, text, isEdit, isToModel };
  const because = "a person said so";
  return {
    title: routedTitle(routing.routeClass, text),
    prompt: routedPrompt(routing, { because }, source),
    sourceText: text,
  };
}

type Move = Decision & Pick<RoutedTask, "status" | "waitsBecause" | "waitsReason" | "isEnding">;

/**
 * Says what an open task is, and moves it in the queue accordingly. One that waited for a person's say is set going, on
 * the account of who says it; noise is cancelled.
 * @throws AppError `not_found`, `conflict` (it is over, or waits with other words), `access_denied`, `invalid_input` (not a unique tail; noise with a
 * priority or a due window).
 */
export async function routeTask(
  deps: ModelDeps,
  actor: Actor,
  { task: text, choice, assignedLane, wording, contextId }: RouteTaskInput,
): Promise<RoutedTask> {
  const who = await authorize(deps, actor, "route:task");
  const task = await findTask(deps, actor, { text, contextId });
  requireOpen(task);
  requireReadWording(task, wording);
  const routing = withLane(rerouteTask(task, choice, deps.now), assignedLane);
  const { effects, seen, ...fate } =
    routing.routeClass === "noise"
      ? await dropNoise(deps, task, { contextId, by: nameDecider(actor) })
      : await moveInQueue(deps, who, task, routing);
  const words = await reword(deps, task, routing);
  const cards = await reviseCardsOf(deps, actor, task, routing, fate);
  return {
    ...fate,
    taskId: task.id,
    title: words?.title ?? task.title,
    routing,
    effects: [{ type: "route-task", id: task.id, words, ...routing }, ...effects, ...cards],
    seen: [...who.seen, { table: "tasks", id: task.id, version: task.version }, ...seen],
  };
}

/** One that goes on waiting as it was may be started again. */
async function reviseCardsOf(
  deps: ModelDeps,
  actor: Actor,
  task: TaskRow,
  routing: Routing,
  { status, isEnding, waitsBecause }: Omit<Move, keyof Decision>,
): Promise<readonly Effect[]> {
  const isWaiting = waitsBecause !== "";
  const { routeClass, priority, dueAtMs } = routing;
  const isAsBefore =
    task.route_class === routeClass && task.priority === priority && task.due_at_ms === dueAtMs;
  if (isWaiting && isAsBefore) return [];
  const decided = isWaiting ? {} : { decision: decisionOf(task, routing, actor) };
  const { id: taskId, wording } = task;
  const change = { taskId, wording, status, isEnding, routing, ...decided };
  return await reviseRoutedCards(deps, change);
}

function decisionOf(task: TaskRow, { routeClass, priority }: Routing, actor: Actor) {
  const by = nameDecider(actor);
  if (routeClass === "noise") return { what: "Dropped", by };
  const did = isWaitingForSay(task) ? "Started" : "Moved";
  return { what: `${did} as ${routeClass}, ${priority}`, by };
}

function rerouteTask(task: TaskRow, choice: RouteChoice, now: EpochMs): Routing {
  const routeClass = choice.routeClass === "same" ? task.route_class : choice.routeClass;
  if (routeClass === null) {
    throw new AppError(
      "invalid_input",
      `Nobody has said yet what task ${task.id} is. Say it: ${ROUTE_CLASSES.join(", ")}.`,
    );
  }
  requireNothingOfNoise({ ...choice, routeClass });
  return reroute({ routeClass, priority: task.priority, dueAtMs: task.due_at_ms }, choice, now);
}

function withLane(routing: Routing, assignedLane = routing.assignedLane): Routing {
  return routing.routeClass === "noise" ? routing : { ...routing, assignedLane };
}

function requireNothingOfNoise({ routeClass, priority, dueAfterMs }: RouteChoice): void {
  if (routeClass !== "noise" || (priority === undefined && dueAfterMs === undefined)) return;
  throw new AppError(
    "invalid_input",
    "Noise takes no priority and no due window: nothing is done about it.",
  );
}

function requireOpen(task: TaskRow): void {
  if (!FINAL_TASK_STATUSES.includes(task.status)) return;
  const advice = task.status === "failed" ? " Retry it to have it done again." : "";
  throw new AppError(
    "conflict",
    `Task ${task.id} is over (${task.status}), so there is nothing to route.${advice}`,
  );
}

/** Nobody starts or drops what its sender has changed since they read it, nor goes by words that it never had. */
function requireReadWording(task: TaskRow, wording: number | undefined): void {
  const { id, wording: now } = task;
  if ((wording ?? (isWaitingForSay(task) ? 1 : now)) === now) return;
  if (now === 1) {
    throw new AppError(
      "conflict",
      `Task ${id} has no wording ${wording}: its sender has not edited the message. Nothing was done. Leave it out: /route ${id} same.`,
    );
  }
  throw new AppError(
    "conflict",
    `Nothing was done: its sender edited the message. Read it in my last notice of it or in the list of tasks, then send /route ${id} same v${now}.`,
  );
}

async function dropNoise(deps: ModelDeps, task: TaskRow, from: EndedFrom): Promise<Move> {
  const { status, effects, seen } = await endTaskNow(deps, task, from);
  return { effects, seen, status, waitsBecause: "", isEnding: status !== "cancelled" };
}

async function moveInQueue(
  deps: ModelDeps,
  who: Authorized,
  task: TaskRow,
  { priority }: Routing,
): Promise<Move> {
  const jobs = await deps.store.all(jobsOfLane, { lane: laneOf.task(task.id) });
  const job = jobs.find(({ kind, state }) => kind === "run-task" && state !== "dead");
  if (job === undefined && isWaitingForSay(task)) return await setGoing(deps, who, task, priority);
  return {
    effects: job === undefined ? [] : reorder(job, PRIORITY[priority]),
    seen: [],
    status: task.status,
    waitsBecause: "",
    isEnding: false,
  };
}

function reorder(job: JobRow, priority: number): readonly Effect[] {
  return job.priority === priority ? [] : [{ type: "prioritize-job", jobId: job.id, priority }];
}

/** Who sets it going is asked for as if it were their own: it costs what they may spend. */
async function setGoing(
  deps: ModelDeps,
  who: Authorized,
  task: TaskRow,
  priority: Routing["priority"],
): Promise<Move> {
  const context = await deps.store.first(contextById, { id: task.context_id });
  if (context === undefined) throw new AppError("not_found", "Its conversation is gone.");
  const seen: Seen[] = [{ table: "contexts", id: context.id, version: context.version }];
  const permit = await permitModel(deps, { ...who, context, words: task.prompt });
  if (!permit.isAllowed) {
    const { text: waitsBecause, reason: waitsReason } = permit;
    return { effects: [], seen, status: "blocked", waitsBecause, waitsReason, isEnding: false };
  }
  const queued: Effect = {
    type: "move-task",
    id: task.id,
    from: ["blocked"],
    to: "queued",
    runId: null,
    resultSummary: null,
    resultText: null,
    errorMessage: null,
  };
  const files = await filesOfWaiting(deps, task, { userId: who.userId, context });
  return {
    effects: [...permit.effects, queued, ...files, runTaskJob(task.id, priority, deps.now)],
    seen,
    status: "queued",
    waitsBecause: "",
    isEnding: false,
  };
}

/** What came with a task that waited, and was not fetched meanwhile. */
async function filesOfWaiting(
  deps: OperationDeps,
  task: TaskRow,
  of: Pick<ExpectedFiles, "userId" | "context">,
): Promise<readonly Effect[]> {
  const messages = await messagesBehindTask(deps.store, task.message_id);
  return messages.flatMap((message) =>
    expectFiles(deps, {
      ...of,
      files: filesOfMessage(message),
      messageId: message.id,
      lane: laneOf.task(task.id),
    }),
  );
}
