import {
  type ContextPage,
  type ContextView,
  contextPage,
  contextQuery,
  type ResetContext,
  resetContext,
  resetContextRequest,
} from "../../client/shapes/context.ts";
import { unixSeconds } from "../../client/shapes/instant.ts";
import { toIso } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import { supervisionOf } from "../../operations/change-context.ts";
import { listContexts } from "../../operations/list-contexts.ts";
import { resetContext as resetTheContext } from "../../operations/reset-context.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import type { ListedContext } from "../../store/queries/contexts.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/contexts",
  summary: "Conversations and what holds in them, the oldest first, a page at a time.",
  permission: "read:all",
  query: contextQuery,
  responses: { 200: { description: "A page of them.", schema: contextPage } },
  async handle({ context, actor, query }, { store, clock }) {
    const { workspace_id: workspaceId, ...page } = query;
    const found = await listContexts({ store, now: clock.now() }, actor, { ...page, workspaceId });
    const answer: ContextPage = {
      items: found.items.map(toContextView),
      count: found.items.length,
      next_cursor: found.nextCursor,
    };
    return context.json(answer);
  },
});

function toContextView(row: ListedContext): ContextView {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    workspace_name: row.workspace_name,
    connector: row.connector,
    external_id: row.external_id,
    kind: row.kind,
    title: row.title,
    supervises: supervisionOf(row)?.of ?? "nothing",
    is_asleep: supervisionOf(row) !== null && row.is_heard === 0,
    addressing: row.addressing,
    is_triaged: row.is_triaged === 1,
    has_prompt: row.prompt !== null,
    created_at_unix: unixSeconds(row.created_at_ms),
    created_at: toIso(row.created_at_ms),
  };
}

const reset = route({
  method: "post",
  path: "/api/v1/contexts/reset",
  summary: "Takes away what admins set in a conversation: admin channel, prompt and settings.",
  permission: "manage:contexts",
  body: resetContextRequest,
  responses: { 200: { description: "Nothing is set there now.", schema: resetContext } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "reset-context", actor: actor.id, cause: newId("commit") };
    const { contextId, title } = await commitDecision(deps, step, (now) =>
      resetTheContext({ store: deps.store, now }, actor, { context: body.context_id }),
    );
    const answer: ResetContext = { context_id: contextId, title };
    return context.json(answer);
  },
});

export const contextRoutes = [list, reset];
