import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { contextById } from "../store/queries/contexts.ts";
import { findMessageIdsByTail } from "../store/queries/message-tails.ts";
import { type MessageRow, messageById } from "../store/queries/messages.ts";
import { findTaskIdsByTail, type Scope, type TaskRow, taskById } from "../store/queries/tasks.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { findScope, isBeforeGroup, isHiddenIn, isInScope } from "./task-access.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const TASK: Noun = { prefix: "task", name: "task" };
const MESSAGE: Noun = { prefix: "msg", name: "message" };

export interface FindInput {
  /** An id, or its last characters, as a person typed it. */
  readonly text: string;
  /** The conversation it was typed in, if any: its tasks and messages may be named there. */
  readonly contextId: string | null;
}

/**
 * Finds a task the actor may see by its id or any unique tail of six characters or more. In a group none is found that
 * does not belong there, or is not spoken of there.
 * @throws AppError `invalid_input` (too short, or several end so), `not_found`, `access_denied`.
 */
export async function findTask(
  deps: OperationDeps,
  actor: Actor,
  input: FindInput,
): Promise<TaskRow> {
  const who = await authorize(deps, actor, "read:tasks");
  const scope = await findScope(deps, who, input.contextId);
  const typed = cleanId(input.text);
  const exact = await deps.store.first(taskById, { id: typed });
  if (exact !== undefined && isInScope(exact, scope)) {
    if (await isHiddenIn(deps.store, exact.id, input.contextId)) throw notFound(TASK, typed);
    return exact;
  }
  const isForGroup = await isBeforeGroup(deps.store, input.contextId);
  const ids = await findTaskIdsByTail(deps.store, tailOf(typed, TASK), { scope, isForGroup });
  const task = await deps.store.first(taskById, { id: onlyId(ids, TASK, typed) });
  if (task === undefined) throw notFound(TASK, typed);
  return task;
}

/**
 * Finds a message the actor may read by its id or any unique tail of six characters or more, or by the id of the task that
 * was made of it. Tails are looked for in
 * the conversation they were typed in; where all may be named, everywhere. In a group none is found that does not belong
 * there, or whose task is not spoken of there.
 * @throws AppError `invalid_input` (too short, or several end so), `not_found`, `access_denied`.
 */
export async function findMessage(
  deps: OperationDeps,
  actor: Actor,
  input: FindInput,
): Promise<MessageRow> {
  const who = await authorize(deps, actor, "read:messages");
  const typed = await messageIdIn(deps, actor, input);
  const message = await findReadable(deps, who, typed, input.contextId);
  const { task_id: taskId } = message;
  if (taskId !== null && (await isHiddenIn(deps.store, taskId, input.contextId))) {
    throw notFound(MESSAGE, typed);
  }
  return message;
}

/** What was typed; of the whole id of a task, the message it was made of. */
async function messageIdIn(deps: OperationDeps, actor: Actor, input: FindInput): Promise<string> {
  const typed = cleanId(input.text);
  if (!typed.startsWith("task_")) return typed;
  const { id, message_id: messageId } = await findTask(deps, actor, input);
  if (messageId !== null) return messageId;
  throw new AppError("not_found", `Task ${id} was not made of a message.`);
}

async function findReadable(
  deps: OperationDeps,
  who: Authorized,
  typed: string,
  contextId: string | null,
): Promise<MessageRow> {
  const scope = await findScope(deps, who, contextId);
  const exact = await deps.store.first(messageById, { id: typed });
  if (exact !== undefined && (await mayRead(deps, exact, scope))) return exact;
  const tail = tailOf(typed, MESSAGE);
  const ids =
    scope?.contextId === null ? [] : await findMessageIdsByTail(deps.store, tail, scope?.contextId);
  const message = await deps.store.first(messageById, { id: onlyId(ids, MESSAGE, typed) });
  if (message === undefined) throw notFound(MESSAGE, typed);
  return message;
}

async function mayRead(
  { store }: OperationDeps,
  message: MessageRow,
  scope: Scope | undefined,
): Promise<boolean> {
  if (scope === undefined || message.context_id === scope.contextId) return true;
  const context = await store.first(contextById, { id: message.context_id });
  return context?.workspace_id === scope.workspaceId;
}
