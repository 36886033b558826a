import { may } from "../../core/access/permission.ts";
import { approvalCard, cardOfApproval, nameForAll } from "../../core/approval/approval-card.ts";
import { approvalInWords } from "../../core/approval/approval-words.ts";
import { toMinute } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { bold, buttons, code, codeBlock, doc, list, p } from "../../core/rich-text/build.ts";
import type { Block, Button } from "../../core/rich-text/rich-text.ts";
import { shorten } from "../../core/shorten.ts";
import { showUnseen } from "../../core/tool/clean-text.ts";
import { listApprovals } from "../../operations/list-approvals.ts";
import { showApproval } from "../../operations/show-approval.ts";
import { isBeforeGroup, isHiddenIn } from "../../operations/task-access.ts";
import type { ApprovalFacts } from "../../store/queries/approvals.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const MOST_SHOWN = 10;
const LONGEST_LINE = 200;
const LONGEST_LABEL = 30;

export const pendingActionsCommand: Command = {
  name: "pending-actions",
  aliases: [],
  args: "[id]",
  summary: "List what waits for an approval; with an id, show exactly what would be done",
  permission: "read:approvals",
  run: async (call) => {
    const typed = call.args.trim();
    return typed === "" ? await listOpen(call) : await showOne(call, typed);
  },
};

async function listOpen({ deps, facts }: CommandCall): Promise<CommandResult> {
  const { items, nextCursor } = await listApprovals(deps, facts.actor, {
    askedInContextId: facts.context.id,
    state: "pending",
    limit: MOST_SHOWN,
  });
  if (items.length === 0) return { reply: doc(p("Nothing waits for an approval here.")) };
  const isGroup = await isBeforeGroup(deps.store, facts.context.id);
  const shown = items.map((one) => ({
    ...one,
    line: isGroup ? nameForAll(one) : showUnseen(one.line),
  }));
  const more: readonly Block[] =
    nextCursor === null ? [] : [p("There are more: ", code("agent-runtime approvals list"))];
  return {
    reply: doc(
      p(bold("Waiting for an approval")),
      list(...shown.map(lineOf)),
      ...more,
      buttons(...shown.map(showButton)),
    ),
  };
}

function lineOf(approval: ApprovalFacts): Block {
  const { id, tool, line, requester_name: requester, expires_at_ms: expiresAtMs } = approval;
  const whom = requester === null ? [] : [", for ", code(requester)];
  const until = `, until ${toMinute(expiresAtMs)}`;
  return p(code(id), " ", code(tool), ": ", code(shorten(line, LONGEST_LINE)), ...whom, until);
}

function showButton({ id, line }: ApprovalFacts): Button {
  return { label: `Show: ${shorten(line, LONGEST_LABEL)}`, command: `/pending-actions ${id}` };
}

/** An open one is a copy of its card: what is decided about it later shows here too. */
async function showOne({ deps, facts }: CommandCall, typed: string): Promise<CommandResult> {
  const { actor } = facts;
  const approval = await showApproval(deps, actor, { text: typed });
  const { id, state, tool, line, version } = approval;
  await requireOfHere({ deps, facts }, approval);
  if (state === "pending") {
    return {
      reply: approvalCard(aboutOf(approval), may(actor.role, "decide:approval")),
      card: cardOfApproval(id),
      seen: [{ table: "approvals", id, version }],
    };
  }
  const json = JSON.stringify(JSON.parse(approval.arguments), null, 2);
  const args = codeBlock(showUnseen(json), "json");
  const became = approvalInWords({
    state,
    execution: approval.execution,
    decider: approval.decider_name ?? "",
    note: approval.note ?? "",
    decidedAtMs: approval.decided_at_ms,
    expiresAtMs: approval.expires_at_ms,
  });
  return { reply: doc(p(code(tool), ": ", code(showUnseen(line))), args, p(code(became))) };
}

/** Before a group only what was asked for there is shown, nothing of what no group hears of, and no words of a tainted run. */
async function requireOfHere(
  { deps, facts }: Pick<CommandCall, "deps" | "facts">,
  { id, context_id: contextId, task_id: taskId, tainted_by: taintedBy }: ApprovalFacts,
): Promise<void> {
  const { context } = facts;
  if (!(await isBeforeGroup(deps.store, context.id))) return;
  const isHidden = taskId !== null && (await isHiddenIn(deps.store, taskId, context.id));
  if (contextId === context.id && !isHidden && taintedBy === "[]") return;
  throw new AppError("not_found", `I know no approval ${id} of this group. Ask me in private.`);
}

function aboutOf(approval: ApprovalFacts) {
  const { id, tool, line, context_kind: kind, expires_at_ms: expiresAtMs } = approval;
  return {
    id,
    tool,
    line,
    arguments: approval.arguments,
    isRepeat: approval.is_repeat === 1,
    taintedBy: JSON.parse(approval.tainted_by) as readonly string[],
    requester: approval.requester_name ?? "nobody we know",
    place: kind === "group" ? approval.context_title : "",
    expiresAtMs,
  };
}
