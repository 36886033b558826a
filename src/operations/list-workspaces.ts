import type { Actor } from "../core/access/actor.ts";
import { type ListedWorkspace, listWorkspaceRows } from "../store/queries/workspaces.ts";
import { parseIdCursor, toIdPage } from "./id-page.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface WorkspacePage {
  /** The oldest first. */
  readonly items: readonly ListedWorkspace[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** Every workspace, a page at a time. @throws AppError `access_denied`, `invalid_input` (cursor). */
export async function listWorkspaces(
  deps: OperationDeps,
  actor: Actor,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<WorkspacePage> {
  await authorize(deps, actor, "manage:workspaces");
  const afterId = parseIdCursor(cursor, "ws");
  return toIdPage(await deps.store.all(listWorkspaceRows, { afterId, limit: limit + 1 }), limit);
}
