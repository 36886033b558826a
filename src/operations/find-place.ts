import { may } from "../core/access/permission.ts";
import { type ContextRow, contextById, findContextIdsByTail } from "../store/queries/contexts.ts";
import {
  findWorkspaceIdsByTail,
  type WorkspaceRow,
  workspaceById,
} from "../store/queries/workspaces.ts";
import type { Authorized, OperationDeps } from "./operation.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const CONTEXT: Noun = { prefix: "ctx", name: "conversation" };
const WORKSPACE: Noun = { prefix: "ws", name: "workspace" };

/**
 * A conversation by its id, or by a unique tail of six characters or more: of those in the actor's workspace, for admins
 * of all. What they may see and do in it is another question.
 * @throws AppError `invalid_input` (too short, or several end so), `not_found`.
 */
export async function findContext(
  { store }: OperationDeps,
  who: Authorized,
  text: string,
): Promise<ContextRow> {
  const typed = cleanId(text);
  const exact = await store.first(contextById, { id: typed });
  if (exact !== undefined) return exact;
  const workspaceId = may(who.role, "read:all") ? undefined : who.workspaceId;
  const ids = await findContextIdsByTail(store, { tail: tailOf(typed, CONTEXT), workspaceId });
  const row = await store.first(contextById, { id: onlyId(ids, CONTEXT, typed) });
  if (row === undefined) throw notFound(CONTEXT, typed);
  return row;
}

/** The conversation, when it is in the actor's workspace or they may read all. @throws AppError `not_found`. */
export function requireOwnContext<R extends Pick<ContextRow, "id" | "workspace_id">>(
  who: Authorized,
  row: R,
): R {
  const isTheirs = row.workspace_id === who.workspaceId || may(who.role, "read:all");
  if (!isTheirs) throw notFound(CONTEXT, row.id);
  return row;
}

/** A workspace by its id, or by such a tail: of the actor's own, for admins of any. @throws AppError as above. */
export async function findWorkspace(
  { store }: OperationDeps,
  who: Authorized,
  text: string,
): Promise<WorkspaceRow> {
  const typed = cleanId(text);
  const exact = await store.first(workspaceById, { id: typed });
  if (exact !== undefined) return exact;
  const ownId = may(who.role, "read:all") ? undefined : who.workspaceId;
  const ids = await findWorkspaceIdsByTail(store, { tail: tailOf(typed, WORKSPACE), ownId });
  const row = await store.first(workspaceById, { id: onlyId(ids, WORKSPACE, typed) });
  if (row === undefined) throw notFound(WORKSPACE, typed);
  return row;
}
