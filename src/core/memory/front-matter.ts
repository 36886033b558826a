const FENCE = "---";
/** A line of the head of a skill that the agent has learned by itself. */
export const LEARNED = "learned: agent-runtime";
const UNREADABLE = "a file that is marked as others' words";

/** A markdown file as its text and whose words are in it besides those of its keepers. */
export interface MarkedText {
  readonly text: string;
  /** One line each; empty: nobody else's. */
  readonly taintedBy: readonly string[];
}

/**
 * Reads the lines between `---` and `---` at the beginning of a file: `tainted_by: ["the page https://…"]`. A mark that
 * cannot be read counts as one.
 */
export function readFrontMatter(file: string): MarkedText {
  const lines = file.replace(/^\ufeff/u, "").split(/\r?\n/u);
  if (lines[0]?.trimEnd() !== FENCE) return { text: file, taintedBy: [] };
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === FENCE);
  if (end < 0) return { text: file, taintedBy: /^\s*taint/imu.test(file) ? [UNREADABLE] : [] };
  const marks = lines.slice(1, end).filter((line) => /^\s*["']?taint/iu.test(line));
  return {
    text: lines.slice(end + 1).join("\n"),
    taintedBy: [...new Set(marks.flatMap(readMark))],
  };
}

/** The lines between `---` and `---` at the beginning of a file. */
export function readHead(file: string): readonly string[] {
  const lines = file.replace(/^\ufeff/u, "").split(/\r?\n/u);
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === FENCE);
  return lines[0]?.trimEnd() === FENCE && end > 0 ? lines.slice(1, end) : [];
}

/** The file again, its mark first. */
export function writeFrontMatter({ text, taintedBy }: MarkedText): string {
  if (taintedBy.length === 0) return text;
  return [FENCE, `tainted_by: ${JSON.stringify(taintedBy)}`, FENCE, text].join("\n");
}

function readMark(line: string): readonly string[] {
  const value = line.slice(line.indexOf(":") + 1).trim();
  if (["false", "no", "[]"].includes(value.toLowerCase())) return [];
  try {
    const read: unknown = JSON.parse(value);
    if (Array.isArray(read) && read.length > 0 && read.every((one) => typeof one === "string"))
      return read;
  } catch {}
  return [UNREADABLE];
}
