import type { Actor } from "../core/access/actor.ts";
import { PULLED_CONNECTORS } from "../core/delivery/delivery.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import {
  type ContextRow,
  ownPrivateContext,
  topicsInWorkspace,
} from "../store/queries/contexts.ts";
import type { WorkspaceRow } from "../store/queries/workspaces.ts";
import { changeContext } from "./change-context.ts";
import { findContext, findWorkspace } from "./find-place.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface BoundContext extends Decision {
  readonly contextId: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  /** The conversations that moved: this one, and the topics of a group. None when it was there already. */
  readonly moved: readonly string[];
}

/**
 * Moves a chat into another workspace: its next messages, turns and tasks belong there, what there is stays where it is.
 * A group takes along the topics that are in its workspace. A private chat goes only into its person's own workspace or
 * one that nobody owns.
 * @throws AppError `access_denied`, `not_found`, `invalid_input` (not a unique tail, the page, the terminal or an agent),
 * `conflict` (somebody else's own workspace).
 */
export async function bindContext(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly context: string; readonly workspace: string },
): Promise<BoundContext> {
  const who = await authorize(deps, actor, "manage:workspaces");
  const context = await findContext(deps, who, input.context);
  const workspace = await findWorkspace(deps, who, input.workspace);
  await requireMayHold(deps, workspace, context);
  const moving = context.workspace_id === workspace.id ? [] : await withTopics(deps, context);
  return {
    effects: moving.map((row) => changeContext(row, { workspaceId: workspace.id })),
    seen: who.seen,
    contextId: context.id,
    workspaceId: workspace.id,
    workspaceName: workspace.name,
    moved: moving.map(({ id }) => id),
  };
}

/** Whoever owns a workspace reads what is said in it. */
async function requireMayHold(
  { store }: OperationDeps,
  workspace: WorkspaceRow,
  context: ContextRow,
): Promise<void> {
  if (PULLED_CONNECTORS.has(context.connector)) {
    throw new AppError(
      "invalid_input",
      "Only chats can be bound: the page, the terminal and the API always speak in the caller's own workspace.",
    );
  }
  if (context.kind === "group" || workspace.owner_user_id === null) return;
  const own = { id: context.id, workspaceId: workspace.id };
  if ((await store.first(ownPrivateContext, own)) !== undefined) return;
  throw new AppError(
    "conflict",
    "This is a private chat, and that workspace is somebody else's own. Bind it to one that nobody owns: agent-runtime workspaces create <name>",
  );
}

async function withTopics(
  { store }: OperationDeps,
  context: ContextRow,
): Promise<readonly ContextRow[]> {
  if (context.kind === "private") return [context];
  const { connector, account, external_id, workspace_id: workspaceId } = context;
  const pattern = `${external_id}:%`;
  const topics = await store.all(topicsInWorkspace, { connector, account, pattern, workspaceId });
  return [context, ...topics];
}
