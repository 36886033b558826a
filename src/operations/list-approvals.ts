import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import {
  type ApprovalFacts,
  type ApprovalFilter,
  listApprovalRows,
} from "../store/queries/approvals.ts";
import type { Scope } from "../store/queries/tasks.ts";
import { findContext, findWorkspace } from "./find-place.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { parseCursor, toPage } from "./page.ts";
import { findScope, isBeforeGroup } from "./task-access.ts";

export interface ListApprovalsInput
  extends Pick<ApprovalFilter, "state" | "contextId" | "workspaceId"> {
  /** The conversation the question comes from, when it comes from one. */
  readonly askedInContextId: string | null;
  /** 1 to 500. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface ApprovalPage {
  /** Newest first. */
  readonly items: readonly ApprovalFacts[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * What was asked about, a page at a time: from admin up all, else what one asked for oneself. Before a group it is what
 * belongs to the group, whoever asks. @throws AppError `invalid_input` (cursor), `access_denied`, `not_found`.
 */
export async function listApprovals(
  deps: OperationDeps,
  actor: Actor,
  input: ListApprovalsInput,
): Promise<ApprovalPage> {
  const who = await authorize(deps, actor, "read:approvals");
  const { askedInContextId, state, contextId, workspaceId, limit } = input;
  const rows = await listApprovalRows(deps.store, {
    scope: await scopeOfApprovals(deps, who, askedInContextId),
    state,
    contextId: contextId === undefined ? undefined : (await findContext(deps, who, contextId)).id,
    workspaceId:
      workspaceId === undefined ? undefined : (await findWorkspace(deps, who, workspaceId)).id,
    isForGroup: await isBeforeGroup(deps.store, askedInContextId),
    beforeSeq: parseCursor(input.cursor, "a"),
    limit: limit + 1,
  });
  return toPage(rows, limit, "a");
}

/** Alone with somebody who may not decide: their own, and nothing else that is done where they are. */
async function scopeOfApprovals(
  deps: OperationDeps,
  who: Authorized,
  contextId: string | null,
): Promise<Scope | undefined> {
  const scope = await findScope(deps, who, contextId);
  const isAlone = scope?.userId === who.userId && !may(who.role, "read:all");
  return isAlone ? { userId: who.userId, workspaceId: null, contextId: null } : scope;
}
