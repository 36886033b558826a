import { findCommandWithCode } from "../request/request-forms.ts";
import { withoutOpenWord } from "../without-open-word.ts";
import { storableText } from "./storable-text.ts";

/** What a message answers, as far as the message itself brings it along. Nothing in it is trusted. */
export interface QuotedWords {
  readonly text: string;
  /** Absent when the platform does not say who wrote it, or it was somebody else's there, too. */
  readonly by?: { readonly externalUserId: string; readonly displayName: string };
  /** We sent it, by what the platform says. */
  readonly isOurs?: true;
}

const LONGEST_QUOTE = 1_000;
/** Of commands only a task is about what it replies to: others do not read it. */
const READS_NO_QUOTE = /^\s*\/(?!task(?:@\w+)?(?:\s|$))/i;
/** As codes that let somebody in are shown: without i, l, o and u, so that few words look like one. */
const CODE = /(?<![\w-])[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}(?![\w-])/giu;

/**
 * What is kept of what a message quotes, to be told: cut, and without what may be a code that lets somebody in.
 * `undefined`: nothing.
 */
export function keepQuote(text: string, quote: QuotedWords | undefined): QuotedWords | undefined {
  if (quote === undefined || READS_NO_QUOTE.test(text)) return undefined;
  if (findCommandWithCode(quote.text) !== undefined) return undefined;
  const whole = quote.text.replace(CODE, "(a code)");
  return { ...quote, text: storableText(cut(whole)) };
}

/** No half of a secret stands at its end: nothing would know it for one. */
function cut(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text;
  return `${withoutOpenWord(text.slice(0, LONGEST_QUOTE).toWellFormed())}…`;
}
