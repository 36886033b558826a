import { type EpochMs, toMinute } from "../clock.ts";
import { bold, buttons, code, codeBlock, doc, list, p } from "../rich-text/build.ts";
import type { Block, RichText } from "../rich-text/rich-text.ts";
import { shorten } from "../shorten.ts";
import { showUnseen } from "../tool/clean-text.ts";
import { withoutOpenWord } from "../without-open-word.ts";
import type { ApprovalState } from "./approval.ts";
import { REPLY, readReply } from "./reply-call.ts";

const CARD_PREFIX = "approval:";
/** Together less than one message of any channel: what was read, for whom and the buttons stand in it as well. */
const LONGEST_LINE = 700;
const LONGEST_ARGUMENTS = 1_300;
const LONGEST_ANSWER = 2_000;
const MOST_SOURCES = 5;
const LONGEST_SOURCE = 160;
const LONGEST_NAME = 80;

/** What a person decides on. */
export interface ApprovalCard {
  readonly id: string;
  readonly tool: string;
  /** What would happen. */
  readonly line: string;
  /** JSON; what exactly is approved. */
  readonly arguments: string;
  /** The call may have happened already. */
  readonly isRepeat: boolean;
  /** Whose words the run has read. */
  readonly taintedBy: readonly string[];
  /** Who the work is for, and where it was asked for. */
  readonly requester: string;
  readonly place: string;
  readonly expiresAtMs: EpochMs;
}

/** The name under which the copies of a card are found. */
export function cardOfApproval(id: string): string {
  return `${CARD_PREFIX}${id}`;
}

export function isCardOfApproval(card: string | null): boolean {
  return card?.startsWith(CARD_PREFIX) === true;
}

/**
 * The card of an approval that is open: one message, in which nothing is hidden. Everything a model or a stranger had a hand in is code, which no channel reads
 * as a link or a command. `mayDecide` false: for whoever only waits for it.
 */
export function approvalCard(card: ApprovalCard, mayDecide: boolean): RichText {
  const { id, tool, requester, place, expiresAtMs } = card;
  const until = `open until ${toMinute(expiresAtMs)}`;
  return doc(
    ...(tool === REPLY ? askedAnswer(card) : askedCall(card)),
    p("For ", nameOf(requester), ...(place === "" ? [] : [" in ", nameOf(place)]), "."),
    ...sources(card.taintedBy),
    ...(mayDecide
      ? [
          p("It is ", code(id), `, ${until}.`),
          buttons(
            { label: "Approve", command: `/approve-action ${id}` },
            { label: "Deny", command: `/deny-action ${id}` },
          ),
        ]
      : [p("An admin decides. It is ", code(id), `, ${until}.`)]),
  );
}

/**
 * What is said before strangers of a call of a run that has read others' words: not what it wants to do or say. A card is
 * read by everybody there, before anybody has approved of it.
 */
export function veiledCard({ id, tool, expiresAtMs }: ApprovalCard): RichText {
  const what = tool === REPLY ? "An answer waits." : "Something waits for an approval.";
  return doc(
    p(bold(what), " It follows what others wrote, so an admin looks at it first."),
    p("It is ", code(id), `, open until ${toMinute(expiresAtMs)}.`),
  );
}

function askedCall(card: ApprovalCard): RichText {
  const { id, tool, line, isRepeat } = card;
  const args = JSON.stringify(JSON.parse(card.arguments), null, 2);
  const shown = shortened(args, LONGEST_ARGUMENTS);
  return doc(
    p(bold(isRepeat ? "Do this again?" : "Approve this?"), " ", code(tool)),
    p(code(shortened(line, LONGEST_LINE).text)),
    codeBlock(shown.text, "json"),
    ...readOn(id, shown.rest),
    ...(isRepeat
      ? [p("The runtime ended while this was being done: it may have happened already.")]
      : []),
  );
}

function askedAnswer({ id, arguments: args }: ApprovalCard): RichText {
  const shown = shortened(readReply(args).text, LONGEST_ANSWER);
  return doc(
    p(bold("Say this?"), " Everybody there would read it:"),
    codeBlock(shown.text),
    ...readOn(id, shown.rest),
  );
}

export interface ApprovalDecision {
  readonly to: Exclude<ApprovalState, "pending">;
  /** Who decided; nobody when time did. */
  readonly by: string;
  readonly note: string | null;
}

/** Without its buttons, and without saying that it waits. */
export function withoutWait(card: RichText): RichText {
  return card.filter(({ type }) => type !== "buttons").slice(0, -1);
}

/** The same card once it is decided, with what was decided where it said that it waits. */
export function decidedCard(card: RichText, decision: ApprovalDecision): RichText {
  return doc(...withoutWait(card), decisionLine(decision));
}

/** Why nobody decides any more: the work it belongs to is over. */
export interface WhyEnded {
  readonly what: "cancelled" | "the model was switched off" | "the work it belongs to failed";
  /** Who did it; null when nobody did, or nobody knows. */
  readonly by: string | null;
}

/** For the record. */
export function whyEnded({ what, by }: WhyEnded): string {
  return by === null ? what : `${what} by ${by}`;
}

/** The same card once there is nothing to decide any more. */
export function endedCard(card: RichText, { what, by }: WhyEnded): RichText {
  const who = by === null ? [] : [" by ", code(by)];
  return doc(...withoutWait(card), p(bold("Not done"), `: ${what}`, ...who, "."));
}

/** The card of an approved call that waits for a while: with the button by which it is taken back. */
export function delayedCard(
  card: RichText,
  decision: ApprovalDecision,
  { id, undoMs }: { readonly id: string; readonly undoMs: number },
): RichText {
  return doc(
    ...decidedCard(card, decision),
    p(`It is sent in ${undoMs / 1_000} s, unless somebody takes it back.`),
    buttons({ label: "Cancel", command: `/cancel ${id}` }),
  );
}

/** The same once it was taken back. */
export function takenBackCard(card: RichText, by: string): RichText {
  return doc(...withoutWait(card), p(bold("Taken back"), " by ", code(by), "."));
}

const WORD_OF = { approved: "Approved", denied: "Denied", expired: "Expired" } as const;

function decisionLine({ to, by, note }: ApprovalDecision): Block {
  if (to === "expired") return p(bold("Expired"), ": nobody decided in time.");
  const why = note === null ? ["."] : [": ", code(shorten(note, 300))];
  if (to === "withdrawn") return p(bold("Not needed any more"), ...why);
  return p(bold(WORD_OF[to]), " by ", code(by), ...why);
}

interface Shown {
  readonly text: string;
  /** How many characters more there are. */
  readonly rest: number;
}

function shortened(text: string, most: number): Shown {
  const whole = showUnseen(text);
  if (whole.length <= most) return { text: whole, rest: 0 };
  const head = withoutOpenWord(whole.slice(0, most));
  return { text: `${head}…`, rest: whole.length - head.length };
}

function readOn(id: string, rest: number): RichText {
  if (rest === 0) return [];
  const command = `agent-runtime approvals show ${id}`;
  return [
    p(
      bold("This is not all of it: "),
      `${rest} characters more. Read them on the page or by `,
      code(command),
      ".",
    ),
  ];
}

function nameOf(text: string) {
  return code(shortened(text, LONGEST_NAME).text);
}

function sources(taintedBy: readonly string[]): RichText {
  if (taintedBy.length === 0) return [];
  const more = taintedBy.length - MOST_SOURCES;
  return [
    p("The work has read what others wrote, who may have led it here:"),
    list(
      ...taintedBy
        .slice(0, MOST_SOURCES)
        .map((one) => p(code(shortened(one, LONGEST_SOURCE).text))),
      ...(more > 0 ? [p(`and ${more} more`)] : []),
    ),
  ];
}

interface NamedCall {
  readonly tool: string;
  readonly line: string;
  /** JSON */
  readonly tainted_by: string;
}

/** A call as everybody may read of it: of a run that has read others' words only its tool, for its line may carry them. */
export function nameForAll({ tool, line, tainted_by: taintedBy }: NamedCall): string {
  return taintedBy === "[]" ? showUnseen(line) : tool;
}

/** What is said when half of the time is over. */
export function reminderOf({
  id,
  expires_at_ms: expiresAtMs,
  ...call
}: NamedCall & { readonly id: string; readonly expires_at_ms: EpochMs }): RichText {
  return doc(
    p(bold("Still waiting for an approval: "), code(shorten(nameForAll(call), LONGEST_LINE))),
    p("An admin decides it by ", code(`/approve-action ${id}`), " or ", code(`/deny-action ${id}`)),
    p(`It expires at ${toMinute(expiresAtMs)}.`),
  );
}
