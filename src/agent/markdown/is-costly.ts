/** Markdown costs its parser at worst the square of these per paragraph; this much takes about 0.1 s. */
const MOST_DELIMITER_PAIRS = 500_000;
const MOST_CONTAINERS = 32;
const MOST_INDENT = 80;

const DELIMITERS = /\*+|_+|~+|`+|!?\[|\]/g;
const CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;

/** Whether parsing `markdown` could hold up everybody else: a model can be talked into writing such text. */
export function isCostly(markdown: string): boolean {
  let pairs = 0;
  let delimiters = 0;
  for (const line of markdown.split("\n")) {
    const containers = CONTAINERS.exec(line)?.[0] ?? "";
    if (isTooDeep(line, containers)) return true;
    // A blank line or a new list item ends the paragraph, and delimiters only pair within one.
    if (containers !== "" || line.trim() === "") {
      pairs += delimiters ** 2;
      delimiters = 0;
    }
    delimiters += line.match(DELIMITERS)?.length ?? 0;
    if (pairs + delimiters ** 2 > MOST_DELIMITER_PAIRS) return true;
  }
  return false;
}

function isTooDeep(line: string, containers: string): boolean {
  if (containers.replace(/[ \t\d]/g, "").length > MOST_CONTAINERS) return true;
  return containers !== "" && line.length - line.trimStart().length > MOST_INDENT;
}
