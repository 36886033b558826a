import { bold, code, doc, p } from "../rich-text/build.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import { shorten } from "../shorten.ts";
import { showUnseen } from "../tool/clean-text.ts";

const LONGEST_WHY = 300;

/** How an approved call came to nothing, or to nobody knows what. Of one that was done its card says no more. */
export interface Unfulfilled {
  readonly kind: "not done" | "failed" | "unknown";
  /** In words of ours: strangers may read the card. `null`: a tool said it, in whosever words. */
  readonly why: string | null;
}

const WORDS = {
  "not done": "Not done",
  failed: "Failed",
  unknown: "Nobody knows whether it was done",
} as const;

/** The card of an approved call with what became of it: whoever approved it may read no other. */
export function unfulfilledCard(card: RichText, { kind, why }: Unfulfilled): RichText {
  if (why === null) return doc(...card.filter(isNoButton), p(bold(WORDS[kind]), "."));
  return doc(
    ...card.filter(isNoButton),
    p(bold(WORDS[kind]), ": ", code(shorten(showUnseen(why), LONGEST_WHY))),
  );
}

function isNoButton({ type }: RichText[number]): boolean {
  return type !== "buttons";
}
