/** A result of a search, as it is written for the model and read again from the journal. */
export interface FoundPage {
  readonly title: string;
  readonly url: string;
  readonly summary: string;
}

const LONGEST_TITLE = 200;
const LONGEST_SUMMARY = 500;
const INDENT = "   ";

/**
 * What a search found, as text. Only the line below a number is an address: whatever a page says of itself stands in one
 * line of its own and cannot pass for another result.
 */
export function writeFoundPages(pages: readonly FoundPage[]): string {
  return pages
    .map(({ title, url, summary }, index) =>
      [
        `${index + 1}. ${onOneLine(title, LONGEST_TITLE)}`,
        `${INDENT}${url}`,
        `${INDENT}${onOneLine(summary, LONGEST_SUMMARY)}`,
      ].join("\n"),
    )
    .join("\n");
}

/** The addresses in what `writeFoundPages` wrote. */
export function readFoundAddresses(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    if (!line.startsWith(INDENT) || !/^\d+\. /.test(lines[at - 1] ?? "")) return [];
    return toAddress(line.trim()) ?? [];
  });
}

/** Addresses in what a person wrote: with http:// or https://, or a bare name such as `example.com/page`. */
export function readTypedAddresses(text: string): readonly string[] {
  return text
    .split(/[\s<>"'`()[\]{}|\\^]+/)
    .map((word) => word.replace(/[.,;:!?*_~]+$/, ""))
    .flatMap((word) => {
      if (/^https?:\/\//i.test(word)) return toAddress(word) ?? [];
      return BARE_NAME.test(word) ? (toAddress(`https://${word}`) ?? []) : [];
    });
}

/** A name that nobody has to guess at: letters at its end, no user in front. */
const BARE_NAME = /^(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::\d{1,5})?(?:[/?#].*)?$/i;

/** Whether `address` is one of `given`. Where in a page it points does not matter; all else does. */
export function isAmong(given: readonly string[], address: string): boolean {
  const asked = toAddress(address);
  return asked !== undefined && given.includes(asked);
}

/** One spelling of an address, without the place in its page; `undefined`: nothing that could be fetched. */
export function toAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  if (url.username !== "" || url.password !== "") return undefined;
  url.hash = "";
  return url.href;
}

function onOneLine(text: string, longest: number): string {
  return text
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, longest);
}
