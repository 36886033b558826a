/** What nobody sees, but what parts a word for whoever compares signs. */
const INVISIBLE = String.raw`\p{Cf}|\p{Default_Ignorable_Code_Point}|[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]`;

/** A byte as it stands in a URL; the `%` may itself be written so, however often. */
const byte = (hex: string): string => `%(?:25)*${hex}`;
const TAIL = byte("[89ab][0-9a-f]");
/** One character as it stands in a URL. */
const ENCODED = [
  `${byte("f[0-7]")}(?:${TAIL}){3}`,
  `${byte("e[0-9a-f]")}(?:${TAIL}){2}`,
  `${byte("[cd][0-9a-f]")}${TAIL}`,
  byte("[0-7][0-9a-f]"),
].join("|");

const VEIL = new RegExp(`${INVISIBLE}|${ENCODED}`, "giu");
const ANY_INVISIBLE = new RegExp(INVISIBLE, "u");
const UNSEEN = new RegExp(`^(?:${INVISIBLE})$`, "u");

/** Whether nobody sees `sign`. */
export function isInvisible(sign: string): boolean {
  return UNSEEN.test(sign);
}

/** `text` as a reader, or the server of a URL, takes it: nothing invisible in it, and nothing percent-encoded. */
export function unveil(text: string): string {
  return text.includes("%") || ANY_INVISIBLE.test(text) ? text.replace(VEIL, lift) : text;
}

/** A stretch of a text, and what is to stand there. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

/** Replaces in `text` what `pattern` finds in `unveil(text)`, and leaves all else there as it is. */
export function replaceUnveiled(text: string, pattern: RegExp, replacement: string): string {
  if (unveil(text).search(pattern) < 0) return text;
  return replaceShown(text, (shown) =>
    [...shown.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      instead: replacement.replace("$1", () => match[1] ?? ""),
    })),
  );
}

/** Replaces in `text` what is to be replaced in `unveil(text)`, and leaves all else there as it is. In order, apart. */
export function replaceShown(
  text: string,
  find: (shown: string) => readonly Replacement[],
): string {
  const { shown, starts, ends } = locate(text);
  let result = "";
  let done = 0;
  for (const one of find(shown)) {
    const start = starts[one.start];
    const end = ends[one.end - 1];
    const isSame = shown.slice(one.start, one.end) === one.instead;
    if (start === undefined || end === undefined || isSame) continue;
    result += text.slice(done, start) + one.instead;
    done = end;
  }
  return result + text.slice(done);
}

/** `unveil(text)`, and of each code unit in it where in `text` it comes from. */
function locate(text: string) {
  const starts: number[] = [];
  const ends: number[] = [];
  let shown = "";
  let done = 0;
  function add(piece: string, start: number, end: number): void {
    const isAsItWas = piece.length === end - start;
    for (let at = 0; at < piece.length; at += 1) {
      starts.push(isAsItWas ? start + at : start);
      ends.push(isAsItWas ? start + at + 1 : end);
    }
    shown += piece;
  }
  for (const { index, 0: found } of text.matchAll(VEIL)) {
    add(text.slice(done, index), done, index);
    done = index + found.length;
    add(lift(found), index, done);
  }
  add(text.slice(done), done, text.length);
  return { shown, starts, ends };
}

function lift(found: string): string {
  if (!found.startsWith("%")) return "";
  const code = Number.parseInt(found.slice(-2), 16);
  if (code < 0x80) return String.fromCharCode(code);
  try {
    return decodeURIComponent(found.replace(/%(?:25)+/g, "%")).replace(UNSEEN, "");
  } catch {
    return found;
  }
}
