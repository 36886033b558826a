import { unixSeconds } from "../../client/shapes/instant.ts";
import {
  type BoundContext,
  bindContextRequest,
  boundContext,
  type CreatedWorkspace,
  createdWorkspace,
  createWorkspaceRequest,
  type WorkspacePage,
  workspacePage,
  workspaceQuery,
} from "../../client/shapes/workspace.ts";
import { toIso } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import { bindContext } from "../../operations/bind-context.ts";
import { createWorkspace } from "../../operations/create-workspace.ts";
import { listWorkspaces } from "../../operations/list-workspaces.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/workspaces",
  summary: "Every workspace, the oldest first, a page at a time.",
  permission: "manage:workspaces",
  query: workspaceQuery,
  responses: { 200: { description: "A page of them.", schema: workspacePage } },
  async handle({ context, actor, query }, { store, clock }) {
    const page = await listWorkspaces({ store, now: clock.now() }, actor, query);
    const answer: WorkspacePage = {
      items: page.items.map(({ id, name, owner_user_id, context_count, created_at_ms }) => ({
        id,
        name,
        owner_user_id,
        context_count,
        created_at_unix: unixSeconds(created_at_ms),
        created_at: toIso(created_at_ms),
      })),
      count: page.items.length,
      next_cursor: page.nextCursor,
    };
    return context.json(answer);
  },
});

const create = route({
  method: "post",
  path: "/api/v1/workspaces",
  summary: "Makes a workspace that is nobody's own; 409 when one that was made so has the name.",
  permission: "manage:workspaces",
  body: createWorkspaceRequest,
  responses: { 201: { description: "The workspace.", schema: createdWorkspace } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "create-workspace", actor: actor.id, cause: newId("commit") };
    const { workspaceId, name } = await commitDecision(deps, step, (now) =>
      createWorkspace({ store: deps.store, now }, actor, body),
    );
    const answer: CreatedWorkspace = { id: workspaceId, name };
    return context.json(answer, 201);
  },
});

const bind = route({
  method: "post",
  path: "/api/v1/workspaces/bind",
  summary:
    "Moves a chat into another workspace, a group with its topics; 409 for a private chat and somebody else's own workspace.",
  permission: "manage:workspaces",
  body: bindContextRequest,
  responses: { 200: { description: "Where it is now.", schema: boundContext } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "bind-context", actor: actor.id, cause: newId("commit") };
    const done = await commitDecision(deps, step, (now) =>
      bindContext({ store: deps.store, now }, actor, {
        context: body.context_id,
        workspace: body.workspace_id,
      }),
    );
    const answer: BoundContext = {
      context_id: done.contextId,
      workspace_id: done.workspaceId,
      workspace_name: done.workspaceName,
      moved_context_ids: [...done.moved],
    };
    return context.json(answer);
  },
});

export const workspaceRoutes = [list, create, bind];
