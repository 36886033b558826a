import { textColumns } from "./text-columns.ts";

const FENCE = /^[> ]*(`{3,})/u;
/** What a line of a list or quote begins with. */
const BEGINNING = /^(?:> | )*(?:• |\d+\. )?/u;
/** `Label: /command with words`: the command is copied whole, or it is another one. */
const COMMAND_LINE = /^(.*?: )(\/[a-z].*)$/u;

/**
 * Breaks lines longer than `columns` between words, with what follows a bullet or a `>` below its own beginning. Code
 * stays as it is, and so do words that are too long: a terminal breaks those so that they can be copied.
 */
export function wrapText(text: string, columns: number): string {
  let fence: string | undefined;
  return text
    .split("\n")
    .map((line) => {
      const marks = FENCE.exec(line)?.[1];
      if (fence !== undefined) {
        if (marks !== undefined && marks.length >= fence.length) fence = undefined;
        return line;
      }
      fence = marks;
      return marks === undefined ? wrapLine(line, columns) : line;
    })
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  if (textColumns(line) <= columns || line.includes("\t")) return line;
  const beginning = BEGINNING.exec(line)?.[0] ?? "";
  const hanging = hangingFor(beginning, columns);
  const lines: string[] = [];
  let current = beginning;
  let isEmpty = true;
  for (const word of toWords(line.slice(beginning.length))) {
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (isEmpty || textColumns(longer) <= columns) {
      current = longer;
    } else {
      lines.push(current);
      current = hanging + word;
    }
    isEmpty = false;
  }
  return [...lines, current].join("\n");
}

/** The same beginning for the lines that follow: a quote goes on, a bullet is not repeated. */
function hangingFor(beginning: string, columns: number): string {
  const hanging = beginning.replaceAll(/[^> ]/gu, " ");
  return hanging.length * 2 > columns ? "" : hanging;
}

function toWords(text: string): readonly string[] {
  const [, label, command] = COMMAND_LINE.exec(text) ?? [];
  if (label === undefined || command === undefined) return text.split(" ");
  return [...label.trimEnd().split(" "), command];
}
