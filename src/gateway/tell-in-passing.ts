import type { RichText } from "../core/rich-text/rich-text.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { withoutOpenWord } from "../core/without-open-word.ts";
import type { Verdict } from "./verdict.ts";

/** As much as every channel shows beside a pressed button. */
const MOST_CHARACTERS = 200;
const OPEN_WORD = /[!-~]+$/u;
const OPEN_COMMAND = /(?<!\S)\/[^.,;\n]*$/u;

/** A press that was refused and changed nothing is told to whoever pressed alone: the chat has nothing to do with it. */
export function inPassing(verdict: Verdict): Verdict {
  const { reason, reply, effects = [] } = verdict;
  if (reason === null || reply === undefined || effects.length > 0) return verdict;
  return {
    rule: verdict.rule,
    outcome: "dropped",
    reason,
    ...(verdict.seen === undefined ? {} : { seen: verdict.seen }),
    toldPresser: shorten(toPlainText(reply)),
  };
}

/** The card was decided or changed since: the press starts nothing, and whoever pressed reads what it says now. */
export function outdated(card: RichText): Verdict {
  const said = toPlainText(card.filter(({ type }) => type === "paragraph").slice(-1));
  return {
    rule: "button_outdated",
    outcome: "dropped",
    reason: "button_outdated",
    toldPresser: shorten(`This has changed since. ${said}`),
  };
}

/** At a word, and before a command that has no end here: half of one does something else, or nothing. */
function shorten(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const kept = withoutOpenWord(text.slice(0, MOST_CHARACTERS - 1).toWellFormed());
  return `${kept.replace(OPEN_WORD, "").replace(OPEN_COMMAND, "").trimEnd()}…`;
}
