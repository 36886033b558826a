import { hasVisibleText } from "../../core/message/storable-text.ts";

/** At three bytes a UTF-16 unit at most, this stays within 64 KB. */
const LONGEST_TEXT = 21_845;
const LONGEST_NAME = 128;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Marks that turn the reading direction: a name must not rewrite the line it stands in. */
const DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text as it may be stored: valid Unicode, no control characters but tab and line feed, at most 64 KB. */
export function cleanText(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(/\r\n?/g, "\n").replace(CONTROLS, "").toWellFormed();
}

/** A name or title: one line, at most 128 characters; empty when nothing of it can be seen. */
export function cleanName(name: string): string {
  const line = cleanText(name.slice(0, 1_024)).replace(DIRECTION, "").replace(/\s+/g, " ").trim();
  const short = line.slice(0, LONGEST_NAME).toWellFormed();
  return hasVisibleText(short) ? short : "";
}
