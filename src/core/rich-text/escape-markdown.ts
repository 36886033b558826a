/** What opens markup anywhere in a line. */
const ANYWHERE = /[\\`*_[\]<>&~|]/g;
/** What opens markup at the start of a line: headings, bullets, numbers, underlines, table rules. */
const AT_START = /^(?:[#+=:-]|\d{1,9}(?=[.)]))/;

/**
 * `text` as CommonMark and GFM that reads as exactly that text. Lines end in a hard break; `isLineStart` tells
 * whether the first one begins a line. Bare web addresses may still become links.
 */
export function escapeMarkdown(text: string, isLineStart: boolean): string {
  return text
    .split("\n")
    .map((line, index) => escapeLine(line, isLineStart || index > 0))
    .join("\\\n");
}

function escapeLine(line: string, isLineStart: boolean): string {
  const escaped = line.replace(ANYWHERE, "\\$&");
  if (!isLineStart) return escaped;
  if (/^[ \t]/.test(escaped)) return `&#${escaped.charCodeAt(0)};${escaped.slice(1)}`;
  return escaped.replace(AT_START, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** An address that ends where it should, whatever it holds. */
export function escapeDestination(url: string): string {
  return url.replace(/[\s<>()\\\p{Cc}]/gu, percentEncode).replaceAll("&", "&amp;");
}

/** `command:/task%20foo`: the page shows such a link as a button. */
export function commandDestination(command: string): string {
  return `command:${encodeURIComponent(command.toWellFormed())
    .replaceAll("%2F", "/")
    .replace(/[()!'*~]/g, percentEncode)}`;
}

function percentEncode(character: string): string {
  if (/[()!'*~]/.test(character)) return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(character);
}
