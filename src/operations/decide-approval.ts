import type { Actor } from "../core/access/actor.ts";
import { cardOfApproval, decidedCard, delayedCard } from "../core/approval/approval-card.ts";
import { toMinute } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import type { ApprovalFacts } from "../store/queries/approvals.ts";
import type { ApprovalDeps } from "./approval-deps.ts";
import { delayCall } from "./delay-call.ts";
import { endApproval } from "./end-approval.ts";
import { findApproval } from "./find-approval.ts";
import { type Authorized, authorize } from "./operation.ts";
import { resumeRun } from "./resume-run.ts";
import { reviseCards } from "./revise-cards.ts";
import { nameDecider } from "./revise-routed-card.ts";

const LONGEST_NOTE = 500;

export interface DecideApprovalInput {
  /** The whole id. */
  readonly approval: string;
  readonly approved: boolean;
  /** Why, for the record; of a denial the model is told it too. */
  readonly note?: string | undefined;
}

export interface DecidedApproval extends Decision {
  readonly approval: ApprovalFacts;
}

/**
 * Approves or denies one call, once. The work goes on by itself: an approved call runs exactly as it was asked for, mail
 * and posts once nobody has taken them back for a while.
 * @throws AppError `not_found`, `access_denied`, `conflict` (decided already, too late, or its work is over).
 */
export async function decideApproval(
  deps: ApprovalDeps,
  actor: Actor,
  { approval: text, approved, note: given }: DecideApprovalInput,
): Promise<DecidedApproval> {
  const who = await authorize(deps, actor, "decide:approval");
  const approval = await findApproval(deps, actor, { text });
  requireOpen(approval, deps.now);
  if (approved) requireSecondPerson(deps, who, approval);
  const note = checkNote(given);
  const to = approved ? "approved" : "denied";
  const { id, version, undo_ms: undoMs } = approval;
  const isDelayed = approved && undoMs > 0;
  const resumed = isDelayed ? NOTHING : await resumeRun(deps, approval);
  const by = nameDecider(actor);
  const effects: Effect[] = [
    {
      type: "decide-approval",
      id,
      to,
      decidedBy: actor.id,
      decidedByUserId: who.userId,
      note,
    },
    ...(approved ? [] : endApproval(approval, whyDenied(note))),
    ...(isDelayed ? delayCall(id, deps.now + undoMs) : resumed.effects),
    ...(await reviseCards(deps, cardOfApproval(id), (card) =>
      isDelayed
        ? delayedCard(card, { to, by, note }, { id, undoMs })
        : decidedCard(card, { to, by, note }),
    )),
  ];
  const seen = [...who.seen, ...resumed.seen, { table: "approvals", id, version } as const];
  return { effects, seen, approval };
}

const NOTHING: Decision = { effects: [], seen: [] };

function requireOpen(approval: ApprovalFacts, now: number): void {
  const { id, state, note, decided_at_ms: atMs, expires_at_ms: expiresAtMs } = approval;
  if (state === "approved" || state === "denied") {
    const { decider_name: by, note } = approval;
    if (by === null) throw new AppError("conflict", `${id} is not open any more: ${note}.`);
    const when = atMs === null ? "" : ` at ${toMinute(atMs)}`;
    throw new AppError("conflict", `${id} was ${state} by ${by} already${when}.`);
  }
  if (state === "withdrawn")
    throw new AppError("conflict", `${id} is not needed any more: ${note}.`);
  if (state === "expired" || expiresAtMs <= now) {
    throw new AppError(
      "conflict",
      `${id} expired at ${toMinute(expiresAtMs)}. Ask for the same again if it is still wanted.`,
    );
  }
}

function requireSecondPerson(
  { twoPersonClasses }: ApprovalDeps,
  { userId }: Authorized,
  { tool_class: toolClass, requested_by_user_id: requestedBy }: ApprovalFacts,
): void {
  if (requestedBy !== userId || !twoPersonClasses.includes(toolClass)) return;
  throw new AppError(
    "access_denied",
    `You asked for this yourself, and ${toolClass} tools take a second person's approval. Another admin must decide.`,
  );
}

function checkNote(given: string | undefined): string | null {
  const note = given?.trim() ?? "";
  if (note.length > LONGEST_NOTE) {
    throw new AppError("invalid_input", `A note takes at most ${LONGEST_NOTE} characters.`);
  }
  return note === "" ? null : note;
}

function whyDenied(note: string | null): string {
  return note === null
    ? "A person denied this call. Do not try it again in another way."
    : `A person denied this call, and says: ${note}`;
}
