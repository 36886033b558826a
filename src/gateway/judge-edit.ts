import { may } from "../core/access/permission.ts";
import type { Decision } from "../core/effect/commit.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import { isQuotedMessage } from "../operations/is-quoted-message.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { albumOf } from "../operations/parts-of-album.ts";
import { withdrawTurn } from "../operations/withdraw-turn.ts";
import type { MessageRow } from "../store/queries/messages.ts";
import { hasNotBegun, type RunRow, runRowById } from "../store/queries/runs.ts";
import { type MessageFacts, readPayload } from "./message-facts.ts";
import { isUntouched, REPLACED } from "./take-newest-edit.ts";
import { dropped, type Verdict } from "./verdict.ts";

/** Of a command that was edited after it had done its work. */
const ALREADY_DONE = "already_done";

/** What needs no handling: there is something newer, it is not the sender's, or it says nothing new. */
export function dropOutdated({ message, versions }: MessageFacts): Verdict | undefined {
  const [newest] = versions?.edits ?? [];
  if (versions === undefined || newest === undefined) return undefined;
  if (newest.id !== message.id && !isUntouched(newest)) return dropped(REPLACED);
  if (message.kind !== "edit") return undefined;
  if (newest.id !== message.id) return dropped(REPLACED);
  const { original } = versions;
  if (original !== undefined && original.sender_external_id !== message.sender_external_id) {
    return dropped("edited_by_another");
  }
  const [before] = versionsBefore({ message, versions });
  const isSame =
    before?.text === message.text &&
    before.addressed === message.addressed &&
    hasSameFiles(before, message);
  return isSame ? dropped("unchanged") : undefined;
}

/** By what they are called: a platform may give the same file out under another id. */
function hasSameFiles(one: MessageRow, other: MessageRow): boolean {
  const [a, b] = [one, other].map(({ payload }) =>
    JSON.stringify(
      readPayload(payload).files?.map(({ kind, name, sizeBytes }) => [kind, name, sizeBytes]),
    ),
  );
  return a === b;
}

/** A turn that has not begun, and the version of the message that it is to answer. */
export interface WaitingTurn {
  readonly run: RunRow;
  readonly version: MessageRow;
}

/**
 * The turn that is to answer what the message said before and has not begun. It must be of the same person, who may
 * still talk: then there is nothing to judge about who asks.
 */
export async function findWaitingTurn(
  { store }: OperationDeps,
  facts: MessageFacts,
): Promise<WaitingTurn | undefined> {
  const { message, person, actor } = facts;
  if (message.kind !== "edit" || !may(actor.role, "converse")) return undefined;
  const version = versionsBefore(facts).find(
    ({ outcome, run_id: runId }) => outcome === "pending" && runId !== null,
  );
  if (version === undefined || version.identity_id !== person?.identity_id) return undefined;
  const run = await store.first(runRowById, { id: version.run_id ?? "" });
  return run !== undefined && hasNotBegun(run) ? { run, version } : undefined;
}

/**
 * The turn answers what the message says now; not where other files came with it, which are to be fetched first, nor
 * where the words became somebody else's, which taint a turn from its beginning.
 */
export function replaceQuestion(
  { message, isQuoted }: MessageFacts,
  { run, version }: WaitingTurn,
): Verdict | undefined {
  if (!hasSameFiles(version, message)) return undefined;
  if (isQuoted !== isQuotedMessage(version)) return undefined;
  return dropped(REPLACED, {
    effects: [{ type: "replace-message", id: version.id, editId: message.id }],
    seen: [
      { table: "runs", id: run.id, version: run.version },
      { table: "messages", id: version.id, version: version.version },
    ],
  });
}

/** Nobody answers any more what the message said before: it is something else now. The rest of an album is answered. */
export async function withdrawWaiting(
  deps: OperationDeps,
  { actor }: MessageFacts,
  waiting: WaitingTurn | undefined,
): Promise<Decision> {
  return waiting === undefined || albumOf(waiting.version) !== undefined
    ? { effects: [], seen: [] }
    : await withdrawTurn(deps, actor, waiting.run);
}

/** A command does its work once: an edit of what has done some does none. That is told once a message. */
export function dropDoneCommand(facts: MessageFacts): Verdict | undefined {
  const before = versionsBefore(facts);
  if (facts.message.kind !== "edit" || !before.some(hasDoneWork)) return undefined;
  if (before.some(({ reason }) => reason === ALREADY_DONE)) return dropped(ALREADY_DONE);
  return {
    rule: "command:edited",
    outcome: "answered",
    reason: ALREADY_DONE,
    reply: doc(
      p("I did what this message said before you changed it, and an edit starts nothing again."),
      p("Send it as a new message. ", code("/cancel"), " ends what is still going on."),
    ),
  };
}

/** A task that somebody asked for by a command is not asked for again by what they made of that. */
export function dropAskedEdit(facts: MessageFacts): Verdict | undefined {
  const isAsked = versionsBefore(facts).some(
    ({ outcome, rule }) => outcome === "task" && rule?.startsWith("triage:") !== true,
  );
  return facts.message.kind === "edit" && isAsked ? dropped(ALREADY_DONE) : undefined;
}

function hasDoneWork({ rule, outcome, reason }: MessageRow): boolean {
  if (rule?.startsWith("command:") !== true) return false;
  return outcome === "task" || (outcome === "answered" && reason === null);
}

/** What the message said earlier and what was made of it, newest first. What was replaced was never looked at. */
export function versionsBefore({
  message,
  versions,
}: Pick<MessageFacts, "message" | "versions">): readonly MessageRow[] {
  if (versions === undefined) return [];
  const { original, edits } = versions;
  const all = [...edits, ...(original === undefined ? [] : [original])];
  return all.filter(({ id, reason }) => id !== message.id && reason !== REPLACED);
}
