import { nameForAll } from "../../core/approval/approval-card.ts";
import { AppError } from "../../core/errors.ts";
import { bold, code, doc, p } from "../../core/rich-text/build.ts";
import type { Inline } from "../../core/rich-text/rich-text.ts";
import { shorten } from "../../core/shorten.ts";
import { decideApproval } from "../../operations/decide-approval.ts";
import type { ApprovalFacts } from "../../store/queries/approvals.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const LONGEST_LINE = 200;

export const approveActionCommand: Command = {
  name: "approve-action",
  aliases: [],
  args: "<id> [note]",
  summary: "Let a call be made that waits for it; it is made by itself, exactly as shown",
  permission: "decide:approval",
  isOursToOffer: true,
  run: (call) => decideByCommand(call, true),
};

export const denyActionCommand: Command = {
  name: "deny-action",
  aliases: [],
  args: "<id> [reason]",
  summary: "Refuse a call that waits for an approval; the work goes on without it",
  permission: "decide:approval",
  isOursToOffer: true,
  run: (call) => decideByCommand(call, false),
};

/** Whether `/approve` and `/deny` were given the id of an action, not the code of a person. */
export function namesAction(args: string): boolean {
  return /^\s*act_/iu.test(args);
}

export async function decideByCommand(
  { deps, facts, args, twoPersonClasses }: CommandCall,
  approved: boolean,
): Promise<CommandResult> {
  const [approval = ""] = args.trim().split(/\s/u, 1);
  if (approval === "") {
    const usage = approved ? "/approve-action <id> [note]" : "/deny-action <id> [reason]";
    throw new AppError("invalid_input", `Say which, by its whole id: ${usage}`);
  }
  const note = args.trim().slice(approval.length);
  const decided = await decideApproval({ ...deps, twoPersonClasses }, facts.actor, {
    approval,
    approved,
    note,
  });
  const line = code(shorten(nameForAll(decided.approval), LONGEST_LINE));
  const reply = approved
    ? doc(p(bold("Approved: "), line, ". ", ...whenDone(decided.approval)))
    : doc(p(bold("Denied: "), line, ". The work goes on without it."));
  return { reply, effects: decided.effects, seen: decided.seen };
}

function whenDone({ id, undo_ms: undoMs }: ApprovalFacts): readonly (string | Inline)[] {
  if (undoMs === 0) return ["It goes ahead now; should it fail, its card says so."];
  return [
    `It is sent in ${undoMs / 1_000} s, unless somebody takes it back: `,
    code(`/cancel ${id}`),
  ];
}
