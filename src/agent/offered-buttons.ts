import type { Button, RichText } from "../core/rich-text/rich-text.ts";
import { changeButtons } from "../core/rich-text/without-buttons.ts";

/** What the buttons of our own cards say. */
const OF_CARDS = /^\P{L}*(?:approv|den[yi])/iu;
/** Letters that look alike in two scripts. */
const LOOKS_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}]/u;

/**
 * An answer with the buttons that a model may offer: what decides, or does nothing, is none of them. One whose label could be
 * that of a card of ours is named by what it does.
 */
export function offeredButtons(body: RichText, mayOffer: (command: string) => boolean): RichText {
  return changeButtons(body, (button) => (mayOffer(button.command) ? named(button) : undefined));
}

/** Nobody sees these; they would part the letters of a word. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

function named({ label, command }: Button): Button {
  const shown = label.normalize("NFKC").replace(UNSEEN, "");
  const isMixed = /\p{Script=Latin}/u.test(shown) && LOOKS_LATIN.test(shown);
  return { label: isMixed || OF_CARDS.test(shown) ? command : label, command };
}
