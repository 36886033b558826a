import { wrapText } from "./wrap-text.ts";

/** What would move the cursor or colour the terminal when it stands in somebody's text. Line feeds and tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** `text` without anything a terminal would obey: it may hold what a stranger wrote. */
function toTerminalText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(CONTROL, "�");
}

/** The same on one line. */
export function toTerminalLine(text: string): string {
  return toTerminalText(text).replaceAll(/\s*\n\s*/g, " ");
}

export function printText(text: string): void {
  process.stdout.write(`${toTerminalText(text)}\n`);
}

/** The same, broken between words when a person reads it on a terminal. */
export function printProse(text: string): void {
  const { isTTY, columns } = process.stdout;
  printText(isTTY && columns > 0 ? wrapText(toTerminalText(text), columns) : text);
}

export function printProblem(text: string): void {
  process.stderr.write(`${toTerminalText(text)}\n`);
}

/** What the configuration has to say besides its values; on stderr, so that nothing read by a program changes. */
export function printWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) printProblem(`warning: ${warning}`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The reader has gone (`| head`) or the terminal was closed. */
const NOBODY_READS = ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"];

/** That nobody reads any more is no error: what is written then is lost, and everything else goes on. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!NOBODY_READS.includes(error.code ?? "")) throw error;
    });
  }
}
