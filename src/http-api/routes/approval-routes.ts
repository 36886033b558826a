import {
  type ApprovalPage,
  approvalPage,
  approvalParams,
  approvalQuery,
  approvalView,
  decideApprovalRequest,
  shadowQuery,
  shadowReport,
  undecidableApproval,
} from "../../client/shapes/approval.ts";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { decideApproval } from "../../operations/decide-approval.ts";
import { listApprovals } from "../../operations/list-approvals.ts";
import { shadowApprovals } from "../../operations/shadow-approvals.ts";
import { showApproval } from "../../operations/show-approval.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { toApprovalView } from "../approval-view.ts";
import { type HttpDeps, route } from "../route.ts";
import { toShadowReport } from "../shadow-view.ts";

const list = route({
  method: "get",
  path: "/api/v1/approvals",
  summary:
    "Calls that a person is asked about, newest first; below admin only what you asked for yourself.",
  permission: "read:approvals",
  query: approvalQuery,
  responses: { 200: { description: "A page of them.", schema: approvalPage } },
  async handle({ context, actor, query }, { store, clock, ports }) {
    const { items, nextCursor } = await listApprovals({ store, now: clock.now() }, actor, {
      askedInContextId: null,
      state: query.state,
      contextId: query.context_id,
      workspaceId: query.workspace_id,
      limit: query.limit,
      cursor: query.cursor,
    });
    const page: ApprovalPage = {
      items: items.map((row) => toApprovalView(row, ports.redact)),
      count: items.length,
      next_cursor: nextCursor,
    };
    return context.json(page);
  },
});

const shadow = route({
  method: "get",
  path: "/api/v1/approvals/shadow",
  summary: "What another preset would have asked about in the last days, by tool and conversation.",
  permission: "read:all",
  query: shadowQuery,
  responses: { 200: { description: "The report.", schema: shadowReport } },
  async handle({ context, actor, query }, { store, clock, ports }) {
    const operation = { store, now: clock.now(), judgePastCall: ports.judgePastCall };
    return context.json(toShadowReport(await shadowApprovals(operation, actor, query)));
  },
});

const show = route({
  method: "get",
  path: "/api/v1/approvals/{id}",
  summary: "One of them, with its whole arguments, what was read before, and what was decided.",
  permission: "read:approvals",
  params: approvalParams,
  responses: { 200: { description: "The approval.", schema: approvalView } },
  async handle({ context, actor, params }, deps) {
    return context.json(await viewOf(deps, actor, params.id));
  },
});

const decide = route({
  method: "post",
  path: "/api/v1/approvals/{id}/decision",
  summary: "Approves or denies it, once. The work goes on by itself.",
  permission: "decide:approval",
  params: approvalParams,
  body: decideApprovalRequest,
  responses: {
    200: { description: "It is decided.", schema: approvalView },
    409: { description: "It was decided before, or is too old.", schema: undecidableApproval },
  },
  async handle({ context, actor, params, body }, deps) {
    const { store, twoPersonClasses } = deps;
    const step = { name: "decide-approval", actor: actor.id, cause: newId("commit") };
    try {
      const { approval } = await commitDecision(deps, step, (now) =>
        decideApproval({ store, now, twoPersonClasses }, actor, { approval: params.id, ...body }),
      );
      return context.json(await viewOf(deps, actor, approval.id));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "conflict") throw error;
      const approval = await viewOf(deps, actor, params.id);
      return context.json({ error: error.message, code: error.code, approval }, 409);
    }
  },
});

async function viewOf({ store, clock, ports }: HttpDeps, actor: Actor, id: string) {
  const row = await showApproval({ store, now: clock.now() }, actor, { text: id });
  return toApprovalView(row, ports.redact);
}

// `shadow` stands before what an id may stand for.
export const approvalRoutes = [list, shadow, show, decide];
