/** What a text is, judged by its first characters alone. */
export type ParsedText =
  | { readonly kind: "prose" }
  /** A command for another bot of the same chat. */
  | { readonly kind: "foreign" }
  | {
      readonly kind: "command";
      /** Lower case, dashes for underscores; nothing says that there is such a command. */
      readonly name: string;
      /** What follows the one space or line break after the name, kept exactly. */
      readonly args: string;
    };

const COMMAND = /^\/([\p{L}\p{N}][\p{L}\p{N}_-]*)(?:@([\p{L}\p{N}_]+))?(?=\s|$)/u;
const SEPARATOR = /^(?:\r\n|\s)/u;

/**
 * Reads a command. It needs its slash at the very start, with nothing but space before it: prose that begins with a
 * command's word is prose, and so are a lone slash, a path and a comment.
 */
export function parseCommand(text: string, isOurName: (name: string) => boolean): ParsedText {
  const trimmed = text.trim();
  const match = COMMAND.exec(trimmed);
  if (match?.[1] === undefined) return { kind: "prose" };
  if (match[2] !== undefined && !isOurName(match[2])) return { kind: "foreign" };
  return {
    kind: "command",
    name: match[1].toLowerCase().replaceAll("_", "-"),
    args: trimmed.slice(match[0].length).replace(SEPARATOR, ""),
  };
}

/** Whether the whole text is the word *stop*, with or without a slash or a mark after it, or the command of that name. */
export function isStopWord(text: string, isOurName: (name: string) => boolean): boolean {
  const parsed = parseCommand(text, isOurName);
  if (parsed.kind === "command") return parsed.name === "stop" && parsed.args.trim() === "";
  return parsed.kind === "prose" && /^\/?stop[.!]*$/iu.test(text.trim());
}
