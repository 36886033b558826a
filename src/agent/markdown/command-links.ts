import type { Button } from "../../core/rich-text/rich-text.ts";

const LONGEST_COMMAND = 1_000;
const SCHEME = "command:";
/** A destination with blanks, which CommonMark does not take for one. Parentheses may nest once. */
const LOOSE = /\]\(command:\/(?:[^()\n]|\([^()\n]*\))*\)/g;
const FIRST_PRIVATE = 0xf0000;

/** The markdown with the blanks of command links hidden behind a character it does not contain, and that character. */
export function hideBlanks(markdown: string): {
  readonly markdown: string;
  readonly blank: string;
} {
  if (!markdown.includes("](command:/")) return { markdown, blank: "" };
  let code = FIRST_PRIVATE;
  while (markdown.includes(String.fromCodePoint(code))) code += 1;
  const blank = String.fromCodePoint(code);
  return { markdown: markdown.replace(LOOSE, (link) => link.replace(/[ \t]/g, blank)), blank };
}

export function showBlanks(text: string, blank: string): string {
  return blank === "" ? text : text.replaceAll(blank, " ");
}

export function isCommandUrl(url: string): boolean {
  return url.toLowerCase().startsWith(SCHEME);
}

/** The button a link `[label](command:/…)` stands for, or `undefined` when it is no command in one line. */
export function readButton(label: string, url: string): Button | undefined {
  const command = decode(url.slice(SCHEME.length)).trim();
  if (!/^\/\w/.test(command) || command.length > LONGEST_COMMAND) return undefined;
  if (/\p{Cc}|[\u2028\u2029]/u.test(command)) return undefined;
  return { label: label.replace(/\s+/g, " ").trim() || command, command };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
