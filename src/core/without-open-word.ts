/** A last word that is longer may be the beginning of a secret, which nothing knows before it is whole. */
const LONGEST_OPEN_WORD = 5;

/**
 * A text that was cut, or that still grows, without its last word when that may be half a secret. Only words of ASCII, of
 * which secrets are made: other scripts go on for lines without a space.
 */
export function withoutOpenWord(text: string): string {
  let end = text.length;
  while (end > 0 && isVisibleAscii(text.charCodeAt(end - 1))) end -= 1;
  return text.length - end > LONGEST_OPEN_WORD ? text.slice(0, end) : text;
}

function isVisibleAscii(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
