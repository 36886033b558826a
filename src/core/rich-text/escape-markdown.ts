import { withoutSentenceEnd } from "./without-sentence-end.ts";

/** What opens markup anywhere in a line. Underscores within a word do not. */
const ANYWHERE = /[\\`*[\]<>&~|]|(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu;
/** What opens markup at the start of a line: headings, bullets, numbers, underlines, table rules. */
const AT_START = /^(?:[#+=:-]|\d{1,9}(?=[.)]))/;
/** What GFM reads as a link by itself, up to where it must end. */
const ADDRESS = /(?<![A-Za-z])(?:https?:\/\/|www\.)[^\s<>]+/giu;

export interface Escaping {
  /** Whether the first line begins a line. */
  readonly isLineStart: boolean;
  /** Within the text of a link an address is no link. */
  readonly isLabel?: boolean;
}

/**
 * `text` as CommonMark and GFM that reads as exactly that text. Lines end in a hard break. Bare web addresses become
 * links to exactly that address.
 */
export function escapeMarkdown(text: string, { isLineStart, isLabel }: Escaping): string {
  const escapeText = isLabel ? escapeMarks : escapeAroundAddresses;
  return text
    .split("\n")
    .map((line, index) => atLineStart(escapeText(line), isLineStart || index > 0))
    .join("\\\n");
}

/** Left bare, an address would take in every backslash and quotation mark that follows: it is marked as a link. */
function escapeAroundAddresses(line: string): string {
  let escaped = "";
  let end = 0;
  for (const match of line.matchAll(ADDRESS)) {
    escaped += escapeMarks(line.slice(end, match.index)) + markAddress(match[0]);
    end = match.index + match[0].length;
  }
  return escaped + escapeMarks(line.slice(end));
}

function markAddress(found: string): string {
  const address = withoutSentenceEnd(found);
  const rest = escapeMarks(found.slice(address.length));
  if (!/^www\./i.test(address)) return `<${address}>${rest}`;
  return `[${escapeMarks(address)}](${escapeDestination(`http://${address}`)})${rest}`;
}

function escapeMarks(text: string): string {
  return text.replace(ANYWHERE, (marks) => marks.replace(/./g, "\\$&"));
}

function atLineStart(escaped: string, isLineStart: boolean): string {
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
