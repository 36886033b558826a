import { isInvisible } from "./veil.ts";

/** A last word that is longer may be the beginning of a secret, which nothing knows before it is whole. */
const LONGEST_OPEN_WORD = 5;

/**
 * A text that was cut, or that still grows, without its last word when that may be half a secret. Only words of ASCII, of
 * which secrets are made: other scripts go on for lines without a space. What nobody sees ends no word.
 */
export function withoutOpenWord(text: string): string {
  let end = text.length;
  let length = 0;
  while (end > 0) {
    const sign = lastSign(text, end);
    if (isVisibleAscii(sign)) length += 1;
    else if (!isInvisible(sign)) break;
    end -= sign.length;
  }
  return length > LONGEST_OPEN_WORD ? text.slice(0, end) : text;
}

function lastSign(text: string, end: number): string {
  const isPair = end > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff;
  return text.slice(isPair ? end - 2 : end - 1, end);
}

function isVisibleAscii(sign: string): boolean {
  return sign > " " && sign < "\u007f";
}
