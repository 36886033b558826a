import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { type Readers, readersOf } from "../core/approval/judge-reply.ts";
import type { EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { type AppError, describeError } from "../core/errors.ts";
import type { Address } from "../core/message/inbound-message.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { FINAL_RUN_STATES, type RunState } from "../core/run/run.ts";
import { endOpenWork } from "../operations/end-open-work.ts";
import { outcomeLines } from "../operations/outcome-lines.ts";
import { otherParts } from "../operations/parts-of-album.ts";
import { type Happened, tellAdmins } from "../operations/tell-admins.ts";
import { withdrawDraft } from "../operations/withdraw-draft.ts";
import type { ClaimedJob, Settlement } from "../orchestrator/job-handler.ts";
import { turnById } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import { adminNotice, answerReply, turnFailedReply, turnStoppedReply } from "./agent-replies.ts";
import { GIVEN_UP, MODEL_OFF } from "./journal.ts";
import { tellOfRule } from "./memory/keep-rules.ts";
import { stopped } from "./stopped.ts";
import { tellOfModelOff } from "./tell-of-model-off.ts";
import { isDecided, WHY_MODEL_OFF, whyGivenUp, whyUnanswered } from "./why-failed.ts";
import type { Ended, Unanswered } from "./work.ts";
import type { EndingDeps } from "./work-scene.ts";

export type Turn = NonNullable<Awaited<ReturnType<typeof loadTurn>>>;

const OPEN_STATES: readonly RunState[] = ["queued", "running", "parked", "interrupted"];
const DONE = { actor: SYSTEM_ACTOR.id, settle: { kind: "done" } } as const;
const NOTHING: Decision = { effects: [], seen: [] };

/** The end of a job whose turn is over already. */
export const TURN_ALREADY_OVER: Settlement = { name: "turn-already-over", ...NOTHING, ...DONE };

const OUTCOME_OF = {
  succeeded: { outcome: "answered", reason: null },
  failed: { outcome: "failed", reason: "turn_failed" },
  cancelled: { outcome: "failed", reason: "cancelled" },
  reply_withheld: { outcome: "failed", reason: "reply_withheld" },
  budget_exceeded: { outcome: "failed", reason: "budget_exceeded" },
} as const;

interface Ending {
  readonly to: "succeeded" | "failed" | "cancelled" | "budget_exceeded";
  /** Of the message, where that says more. */
  readonly outcome?: keyof typeof OUTCOME_OF;
  readonly error: string | null;
  readonly body: RichText;
  /** Ends what the run still has open. */
  readonly closing: Decision;
}

/** The turn; `undefined` when there is none or it is over. */
export async function loadOpenTurn(store: Store, runId: string): Promise<Turn | undefined> {
  const turn = await loadTurn(store, runId);
  return turn === undefined || FINAL_RUN_STATES.includes(turn.run_state) ? undefined : turn;
}

export async function finishTurn(
  { store, mayOffer }: EndingDeps,
  runId: string,
  ended: Ended,
  now: EpochMs,
): Promise<Settlement> {
  if (ended.kind !== "answered") {
    const failed = await endUnanswered(store, runId, ended, now);
    return { name: "fail-turn", ...failed, ...DONE };
  }
  const body = await afterOutcomes(store, runId, await answerReply(ended, mayOffer));
  const succeeded = await endTurn(store, runId, now, () => ({
    to: "succeeded",
    error: null,
    body,
    closing: { effects: ended.effects, seen: [] },
  }));
  return { name: "finish-turn", ...succeeded, ...DONE };
}

/** What fails in a group is said before people who can do nothing about it: admins are told too. */
async function endUnanswered(
  store: Store,
  runId: string,
  ended: Unanswered,
  now: EpochMs,
): Promise<Decision> {
  const turn = await loadOpenTurn(store, runId);
  if (turn === undefined) return NOTHING;
  const why = turnFailedReply(whyUnanswered(ended), turn.message_id);
  const body = await afterOutcomes(store, runId, why);
  const { effects, seen } = await endTurn(store, runId, now, () => endingOf(ended, body));
  if (turn.context_kind === "private" || isDecided(ended)) return { effects, seen };
  const told = await tellOfFailure(store, turn, body, now);
  return { effects: [...effects, ...told.effects], seen: [...seen, ...told.seen] };
}

/** However a turn ends: what people decided about has happened, or has not, and what was kept is kept. */
async function afterOutcomes(store: Store, runId: string, body: RichText): Promise<RichText> {
  const turn = await loadOpenTurn(store, runId);
  if (turn === undefined) return body;
  const of = { runId, taskId: null, readers: readersOfTurn(turn) };
  return [...(await outcomeLines(store, of)), ...body, ...(await tellOfRule(store, turn))];
}

/** Of what is said in it. */
export function readersOfTurn({ context_kind: kind, context_is_admin: isAdmin }: Turn): Readers {
  return readersOf({ kind, isForAdmins: isAdmin === 1 });
}

function endingOf(ended: Unanswered, body: RichText): Ending {
  const { error, effects } = ended;
  const end = { error, body, closing: { effects, seen: [] } };
  if (ended.kind === "out_of_budget") return { to: "budget_exceeded", ...end };
  const failed = { to: "failed", ...end } as const;
  return ended.kind === "not_said" ? { ...failed, outcome: "reply_withheld" } : failed;
}

export async function cancelTurn(
  store: Store,
  { id, payload: { runId } }: ClaimedJob<"run-turn">,
  now: EpochMs,
): Promise<Settlement> {
  const closing = await endOpenWork({ store, now }, runId, await stopped(store, id));
  const body = await afterOutcomes(store, runId, turnStoppedReply());
  const ending = { to: "cancelled", error: null, body, closing } as const;
  return { name: "cancel-turn", ...(await endTurn(store, runId, now, () => ending)), ...DONE };
}

/** Ends a turn that the model is no longer asked about. */
export async function refuseTurn(store: Store, runId: string, now: EpochMs): Promise<Settlement> {
  const turn = await loadOpenTurn(store, runId);
  if (turn === undefined) return TURN_ALREADY_OVER;
  const closing = await endOpenWork({ store, now }, runId, MODEL_OFF);
  const why = turnFailedReply(WHY_MODEL_OFF, turn.message_id);
  const body = await afterOutcomes(store, runId, why);
  const ending = { to: "failed", error: MODEL_OFF.error, body, closing } as const;
  const { effects, seen } = await endTurn(store, runId, now, () => ending);
  const told = await tellOfModelOff(store, happenedTo(turn), now);
  return {
    name: "fail-turn",
    effects: [...effects, ...told.effects],
    seen: [...seen, ...told.seen],
    ...DONE,
  };
}

export async function giveUpTurn(
  store: Store,
  job: ClaimedJob<"run-turn">,
  thrown: AppError,
  now: EpochMs,
): Promise<Decision> {
  const error = describeError(thrown);
  const { runId } = job.payload;
  const turn = await loadOpenTurn(store, runId);
  if (turn === undefined) return NOTHING;
  const closing = await endOpenWork({ store, now }, runId, { ...GIVEN_UP, error });
  const why = turnFailedReply(whyGivenUp(job, thrown), turn.message_id);
  const body = await afterOutcomes(store, runId, why);
  const { effects, seen } = await endTurn(store, runId, now, () => ({
    to: "failed",
    error,
    body,
    closing,
  }));
  const told = await tellOfFailure(store, turn, body, now);
  return { effects: [...effects, ...told.effects], seen: [...seen, ...told.seen] };
}

function tellOfFailure(store: Store, turn: Turn, body: RichText, now: EpochMs): Promise<Decision> {
  return tellAdmins({ store, now }, adminNotice(turn.context_title, body), happenedTo(turn));
}

function happenedTo({ workspace_id: workspaceId, context_id: toldInContextId }: Turn): Happened {
  return { workspaceId, toldInContextId };
}

/** Ends the run, its message and the person's wait together, once: nothing is left to do when it is over already. */
async function endTurn(
  store: Store,
  runId: string,
  now: EpochMs,
  decide: (turn: Turn) => Ending,
): Promise<Decision> {
  const turn = await loadOpenTurn(store, runId);
  if (turn === undefined) return NOTHING;
  const { to, outcome = to, error, body, closing } = decide(turn);
  const parts = await partsOf(store, turn);
  const told = tellPerson(turn, outcome, body, now);
  const draft = told.length > 0 ? NOTHING : await withdrawDraft(store, runId, now);
  return {
    effects: [
      ...closing.effects,
      moveTurn(turn, to, null, error),
      ...told,
      ...draft.effects,
      ...parts.map(({ id }): Effect => ({ type: "settle-message", id, ...OUTCOME_OF[outcome] })),
    ],
    seen: [
      seenTurn(turn),
      ...seenMessage(turn),
      ...parts.map(({ id, version }): Seen => ({ table: "messages", id, version })),
      ...draft.seen,
      ...closing.seen,
    ],
  };
}

/** What else a turn answers, when its message is the first of an album. */
export async function partsOf(store: Store, turn: Turn) {
  const { run_id: runId, message_id: id, message_payload: payload } = turn;
  return id === null ? [] : await otherParts(store, { runId, message: { id, payload } });
}

export function moveTurn(
  turn: Turn,
  to: RunState,
  model: string | null,
  error: string | null,
): Effect {
  return { type: "move-run", id: turn.run_id, from: OPEN_STATES, to, model, error };
}

export function seenTurn(turn: Turn): Seen {
  return { table: "runs", id: turn.run_id, version: turn.run_version };
}

export function addressOf(turn: Turn): Address {
  return { connector: turn.connector, account: turn.account, externalId: turn.external_id };
}

function loadTurn(store: Store, runId: string) {
  return store.first(turnById, { runId });
}

function seenMessage(turn: Turn): readonly Seen[] {
  if (turn.message_id === null || turn.message_version === null) return [];
  return [{ table: "messages", id: turn.message_id, version: turn.message_version }];
}

/** A message somebody else has settled already was answered by them. */
function tellPerson(
  turn: Turn,
  outcome: keyof typeof OUTCOME_OF,
  body: RichText,
  now: EpochMs,
): readonly Effect[] {
  if (turn.message_id !== null && turn.message_outcome !== "pending") return [];
  const reply = queueReply({
    context: {
      id: turn.context_id,
      connector: turn.connector,
      account: turn.account,
      external_id: turn.external_id,
    },
    body,
    messageId: turn.message_id,
    runId: turn.run_id,
    taskId: null,
    replyToExternalId: turn.context_kind === "group" ? turn.external_message_id : null,
    now,
  });
  if (turn.message_id === null) return [reply];
  return [reply, { type: "settle-message", id: turn.message_id, ...OUTCOME_OF[outcome] }];
}
