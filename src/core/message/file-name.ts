import type { FileKind } from "./inbound-file.ts";

const SHOWN_CHARACTERS = 120;
const SAFE_BYTES = 120;
const LONGEST_EXTENSION = 12;
/** Controls, invisible marks, marks that turn the reading direction, and what has no meaning of its own. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
/** What separates or means something to some file system or shell. */
const MEANINGFUL = /[\\/:*?"<>|$`'&;!#%(){}[\]~^=,+@\s]+/gu;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A file's name as it may be shown: one line that cannot pretend to be another one. `null`: nothing is left of it. */
export function shownFileName(given: string): string | null {
  const line = given.slice(0, 4_096).toWellFormed().replaceAll("\uFFFD", "").normalize("NFC");
  const name = line.replace(/\s+/gu, " ").replace(UNSEEN, "").trim();
  return name === "" ? null : cut(name, (text) => text.length <= SHOWN_CHARACTERS);
}

/**
 * A name that stays in its directory on every system: no separator, no dot at either end, at most 120 bytes; letters of
 * all scripts stay. A file without a name is called by what it is.
 */
export function safeFileName(name: string | null, kind: FileKind, extension: string): string {
  const last = (name ?? "").split(/[\\/]/u).at(-1) ?? "";
  const safe = trimDots(last.replace(UNSEEN, "").replace(MEANINGFUL, "_"));
  if (safe === "" || /^_+$/u.test(safe)) return `${kind.replaceAll(" ", "-")}.${extension}`;
  return cut(safe, (text) => Buffer.byteLength(text) <= SAFE_BYTES);
}

/** In lower case and without its dot; empty when there is none. */
export function extensionOf(name: string | null): string {
  const match = /\.([\p{L}\p{N}]+)$/u.exec(name ?? "");
  const extension = match?.[1] ?? "";
  return extension.length > LONGEST_EXTENSION ? "" : extension.toLowerCase();
}

function trimDots(text: string): string {
  return text.replace(/^[.\-_ ]+/u, "").replace(/[. ]+$/u, "");
}

/** Takes from the end of what stands before the extension, between characters as people see them. */
function cut(name: string, fits: (text: string) => boolean): string {
  if (fits(name)) return name;
  const extension = extensionOf(name);
  const end = extension === "" ? "" : name.slice(-extension.length - 1);
  let kept = "";
  for (const { segment } of graphemes.segment(name.slice(0, name.length - end.length))) {
    if (!fits(`${kept}${segment}…${end}`)) break;
    kept += segment;
  }
  return `${kept}…${end}`;
}
