import type { Actor } from "../core/access/actor.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import type { IdempotencyKey } from "../core/effect/task-effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { InboundFile } from "../core/message/inbound-file.ts";
import type { Address } from "../core/message/inbound-message.ts";
import { hasVisibleText, plainText } from "../core/message/storable-text.ts";
import {
  DUE_AFTER_MS,
  type RouteClass,
  type TaskKind,
  type TaskPriority,
  type TaskStatus,
  titleOf,
} from "../core/task/task.ts";
import { contextById } from "../store/queries/contexts.ts";
import { type TaskRow, taskByIdempotencyKey } from "../store/queries/tasks.ts";
import { expectFiles } from "./expect-files.ts";
import { type FoundContext, findOrCreateContext, foundContext } from "./find-or-create-context.ts";
import { findContext, findWorkspace, requireOwnContext } from "./find-place.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { type ModelDeps, requireModel } from "./start-model.ts";

/** Where the result is told: a conversation there is, or the caller's own one at an address. */
export type TaskPlace =
  | { readonly contextId: string }
  | { readonly address: Address; readonly title: string };

export interface CreateTaskInput {
  readonly prompt: string;
  readonly place: TaskPlace;
  /** The message that asked for it, in that conversation. */
  readonly messageId: string | null;
  /** Set when the agent asks for it at work: in the conversation it works in, whoever that belongs to. */
  readonly work?: { readonly depth: number };
  /** What came with that message; it is there before the work begins. */
  readonly files?: readonly InboundFile[];
  /** What others wrote may have made the prompt. Default: the person did. */
  readonly isTainted?: boolean;
  /** Not before; default: at once. */
  readonly runAtMs?: EpochMs;
  /** Must be the workspace of the conversation when given. */
  readonly workspaceId?: string | undefined;
  readonly title?: string | undefined;
  readonly kind?: TaskKind | undefined;
  readonly routeClass?: RouteClass | undefined;
  readonly priority?: TaskPriority | undefined;
  /** Default: a day from now; `null`: never. */
  readonly dueAtMs?: EpochMs | null | undefined;
  readonly assignedLane?: string | undefined;
  /** Makes a repeat by the same actor harmless, for ever. */
  readonly idempotency?: IdempotencyKey | undefined;
}

export interface CreatedTask extends Decision {
  readonly task: {
    readonly id: string;
    readonly workspaceId: string;
    readonly contextId: string;
    readonly kind: TaskKind;
    readonly title: string;
    /** `queued`, or how far it is when this is a repeat. */
    readonly status: TaskStatus;
  };
}

/**
 * Creates a task and queues its work; a repeat finds the task of the first time and changes nothing.
 * @throws AppError `invalid_input` (nothing to do in the prompt), `access_denied`, `rate_limited`, `not_found` (no such
 * conversation), `conflict` (the idempotency key was used for another task).
 */
export async function createTask(
  deps: ModelDeps,
  actor: Actor,
  input: CreateTaskInput,
): Promise<CreatedTask> {
  const who = await authorize(deps, actor, "create:task");
  const earlier = await findEarlier(deps, actor, input.idempotency);
  if (earlier !== undefined) return { effects: [], seen: who.seen, task: describe(earlier) };
  const prompt = plainText(input.prompt).trim();
  if (!hasVisibleText(prompt)) {
    throw new AppError("invalid_input", "Say what is to be done: prompt must not be empty.");
  }
  const context = await placeOf(deps, who, input);
  const permit = await requireModel(deps, { ...who, context: context.row, words: prompt });
  const id = newId("task");
  const title = titleFor(input.title, prompt);
  const kind = input.kind ?? "general";
  const priority = input.priority ?? "p2";
  const create: Effect = {
    type: "create-task",
    id,
    workspaceId: context.row.workspace_id,
    contextId: context.row.id,
    kind,
    title,
    prompt,
    routeClass: input.routeClass ?? null,
    priority,
    dueAtMs: input.dueAtMs === undefined ? deps.now + DUE_AFTER_MS : input.dueAtMs,
    assignedLane: input.assignedLane ?? "operations",
    sourceConnector: context.row.connector,
    sourceExternalId: context.row.external_id,
    sourceUserId: actor.id,
    sourceText: prompt,
    requestedByUserId: who.userId,
    retryOfTask: null,
    messageId: input.messageId,
    ...standingOf(input),
    ...(input.idempotency === undefined ? {} : { idempotency: input.idempotency }),
  };
  return {
    effects: [
      ...context.effects,
      ...permit,
      create,
      ...filesOf(deps, who, input, { id, context: context.row }),
      runTaskJob(id, priority, input.runAtMs ?? deps.now),
    ],
    seen: [...who.seen, ...context.seen],
    task: {
      id,
      workspaceId: create.workspaceId,
      contextId: create.contextId,
      kind,
      title,
      status: "queued",
    },
  };
}

function standingOf({ isTainted: taint = false, work }: CreateTaskInput) {
  return { taint, depth: work?.depth ?? 0 };
}

function titleFor(title: string | undefined, prompt: string): string {
  return plainText(title ?? "").trim() || titleOf(prompt);
}

function filesOf(
  deps: OperationDeps,
  { userId }: Authorized,
  { messageId, files = [] }: CreateTaskInput,
  task: { readonly id: string; readonly context: FoundContext["row"] },
): readonly Effect[] {
  if (messageId === null) return [];
  const { id, context } = task;
  return expectFiles(deps, { files, messageId, context, userId, lane: laneOf.task(id) });
}

async function findEarlier(
  { store }: OperationDeps,
  actor: Actor,
  idempotency: IdempotencyKey | undefined,
): Promise<TaskRow | undefined> {
  if (idempotency === undefined) return undefined;
  const { key, digest } = idempotency;
  const row = await store.first(taskByIdempotencyKey, { sourceUserId: actor.id, key });
  if (row === undefined || row.request_digest === digest) return row;
  throw new AppError(
    "conflict",
    `Idempotency-Key: this key was used for another task, ${row.id}. Take a new one.`,
  );
}

function describe(row: TaskRow): CreatedTask["task"] {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    contextId: row.context_id,
    kind: row.kind,
    title: row.title,
    status: row.status,
  };
}

/** The job that works on a task. */
export function runTaskJob(
  taskId: string,
  priority: TaskPriority,
  runAtMs: EpochMs,
): EffectOf<"enqueue-job"> {
  return {
    type: "enqueue-job",
    job: {
      id: newId("job"),
      kind: "run-task",
      payload: { taskId },
      lane: laneOf.task(taskId),
      priority: PRIORITY[priority],
      runAtMs,
    },
  };
}

async function placeOf(
  deps: OperationDeps,
  who: Authorized,
  { place, messageId, work, workspaceId }: CreateTaskInput,
): Promise<FoundContext> {
  const context =
    messageId === null && work === undefined
      ? await contextTheyNamed(deps, who, place)
      : await contextOf(deps, who, place);
  if (workspaceId === undefined) return context;
  const { id } = await findWorkspace(deps, who, workspaceId);
  if (id !== context.row.workspace_id) {
    throw new AppError("not_found", "workspace_id: that conversation is not in this workspace.");
  }
  return context;
}

/** Who asks outside of a conversation may name only one of their own; admins any. */
async function contextTheyNamed(
  deps: OperationDeps,
  who: Authorized,
  place: TaskPlace,
): Promise<FoundContext> {
  if ("contextId" in place) {
    return foundContext(requireOwnContext(who, await findContext(deps, who, place.contextId)));
  }
  const found = await contextOf(deps, who, place);
  requireOwnContext(who, found.row);
  return found;
}

async function contextOf(
  { store }: OperationDeps,
  who: Authorized,
  place: TaskPlace,
): Promise<FoundContext> {
  if (!("contextId" in place)) {
    const own = { ...place, kind: "private", workspaceId: who.workspaceId } as const;
    return await findOrCreateContext(store, own);
  }
  const row = await store.first(contextById, { id: place.contextId });
  if (row === undefined) throw new Error(`no conversation ${place.contextId}`);
  return foundContext(row);
}
