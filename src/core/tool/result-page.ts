/** How much of a result a model is shown at once. */
const PAGE_CHARACTERS = 8_000;
/** What a page may have above that, for the line that says where it goes on. */
const SLACK = 500;

/** A piece of what a call brought, beginning at a character, and how to see the next. */
export function pageOfResult(
  stepId: string,
  text: string,
  from: number,
  most: number = PAGE_CHARACTERS,
): string {
  if (from === 0 && text.length <= most + SLACK) return text;
  const start = isSecondHalf(text, from) ? from - 1 : from;
  const planned = Math.min(text.length, start + most);
  const end = isSecondHalf(text, planned) ? planned - 1 : planned;
  const where = `characters ${start} to ${end} of ${text.length}`;
  const rest =
    end < text.length
      ? `; read_more with step ${JSON.stringify(stepId)} and from ${end} shows more`
      : "; that is its end";
  return `${text.slice(start, end)}\n(These are ${where}${rest}.)`;
}

/** What stands for a result that had to make room. */
export function resultLeftOut(stepId: string, text: string): string {
  return `(Left out to make room: ${text.length} characters. read_more with step ${JSON.stringify(stepId)} shows them.)`;
}

/** Whether a character would be torn in two there. */
function isSecondHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}
