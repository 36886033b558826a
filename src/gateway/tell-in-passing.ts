import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import type { Verdict } from "./verdict.ts";

/** As much as every channel shows beside a pressed button. */
const MOST_CHARACTERS = 200;

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

function shorten(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…`;
}
