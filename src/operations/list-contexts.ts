import type { Actor } from "../core/access/actor.ts";
import { type ListedContext, listContextRows } from "../store/queries/contexts.ts";
import { findWorkspace } from "./find-place.ts";
import { parseIdCursor, toIdPage } from "./id-page.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface ListContextsInput {
  /** `undefined`: of all. */
  readonly workspaceId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface ContextPage {
  /** The oldest first. */
  readonly items: readonly ListedContext[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/** Conversations and what holds in them, a page at a time. @throws AppError `access_denied`, `invalid_input` (cursor), `not_found`. */
export async function listContexts(
  deps: OperationDeps,
  actor: Actor,
  { workspaceId, limit, cursor }: ListContextsInput,
): Promise<ContextPage> {
  const who = await authorize(deps, actor, "read:all");
  const within =
    workspaceId === undefined ? undefined : await findWorkspace(deps, who, workspaceId);
  const afterId = parseIdCursor(cursor, "ctx");
  return toIdPage(
    await listContextRows(deps.store, { workspaceId: within?.id, afterId, limit: limit + 1 }),
    limit,
  );
}
