import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { AppError } from "../core/errors.ts";
import { contextById } from "../store/queries/contexts.ts";
import { findMessageIdsByTail } from "../store/queries/message-tails.ts";
import { type MessageRow, messageById } from "../store/queries/messages.ts";
import { findTaskIdsByTail, type TaskRow, taskById } from "../store/queries/tasks.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { isInScope, taskScopeOf } from "./task-access.ts";

const SHORTEST_TAIL = 6;

export interface FindInput {
  /** An id, or its last characters, as a person typed it. */
  readonly text: string;
  /** The conversation it was typed in, if any: its tasks and messages may be named there. */
  readonly contextId: string | null;
}

/**
 * Finds a task the actor may see by its id or any unique tail of six characters or more.
 * @throws AppError `invalid_input` (too short, or several end so), `not_found`, `access_denied`.
 */
export async function findTask(
  deps: OperationDeps,
  actor: Actor,
  input: FindInput,
): Promise<TaskRow> {
  const who = await authorize(deps, actor, "read:tasks");
  const scope = taskScopeOf(who, input.contextId);
  const typed = cleanId(input.text);
  const exact = await deps.store.first(taskById, { id: typed });
  if (exact !== undefined && isInScope(exact, scope)) return exact;
  const ids = await findTaskIdsByTail(deps.store, tailOf(typed, "task"), scope);
  const task = await deps.store.first(taskById, { id: onlyId(ids, "task", typed) });
  if (task === undefined) throw notFound("task", typed);
  return task;
}

/**
 * Finds a message the actor may read by its id or any unique tail of six characters or more. Tails are looked for in
 * the conversation they were typed in; for admins, everywhere.
 * @throws AppError `invalid_input` (too short, or several end so), `not_found`, `access_denied`.
 */
export async function findMessage(
  deps: OperationDeps,
  actor: Actor,
  input: FindInput,
): Promise<MessageRow> {
  const who = await authorize(deps, actor, "read:messages");
  const typed = cleanId(input.text);
  const exact = await deps.store.first(messageById, { id: typed });
  if (exact !== undefined && (await mayRead(deps, who, exact, input.contextId))) return exact;
  const isEverywhere = may(who.role, "read:all");
  const tail = tailOf(typed, "msg");
  const ids =
    isEverywhere || input.contextId !== null
      ? await findMessageIdsByTail(
          deps.store,
          tail,
          isEverywhere ? undefined : (input.contextId ?? undefined),
        )
      : [];
  const message = await deps.store.first(messageById, { id: onlyId(ids, "message", typed) });
  if (message === undefined) throw notFound("message", typed);
  return message;
}

async function mayRead(
  { store }: OperationDeps,
  who: Authorized,
  message: MessageRow,
  contextId: string | null,
): Promise<boolean> {
  if (may(who.role, "read:all") || message.context_id === contextId) return true;
  const context = await store.first(contextById, { id: message.context_id });
  return context?.workspace_id === who.workspaceId;
}

/** What people copy along with an id: spaces, quotes, backticks, a hash, a full stop. */
function cleanId(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z_]/gu, "");
}

function tailOf(typed: string, prefix: string): string {
  const tail = typed.startsWith(`${prefix}_`) ? typed.slice(prefix.length + 1) : typed;
  if (tail.length < SHORTEST_TAIL) {
    throw new AppError(
      "invalid_input",
      `Type the id, or at least its last ${SHORTEST_TAIL} characters.`,
    );
  }
  // An underscore only stands between prefix and characters: another one belongs to the id of something else.
  if (tail.includes("_")) throw notFound(prefix === "task" ? "task" : "message", typed);
  return tail;
}

function onlyId(ids: readonly { id: string }[], noun: string, typed: string): string {
  const [first, second] = ids;
  if (first === undefined) throw notFound(noun, typed);
  if (second !== undefined) {
    throw new AppError(
      "invalid_input",
      `Several ${noun}s end in ${clip(typed)}. Type more of the id.`,
    );
  }
  return first.id;
}

function notFound(noun: string, typed: string): AppError {
  return new AppError("not_found", `I know no ${noun} ${clip(typed)}.`);
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
