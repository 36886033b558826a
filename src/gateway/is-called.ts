import type { MessageRow } from "../store/queries/messages.ts";
import { findCommand } from "./commands/commands.ts";
import { parseCommand } from "./parse-command.ts";

/** Whether a message speaks to us: it calls us, or is a command of ours, which needs no name. */
export function isCalled({ addressed, text }: Pick<MessageRow, "addressed" | "text">): boolean {
  if (addressed === 1) return true;
  const parsed = parseCommand(text, () => false);
  return parsed.kind === "command" && findCommand(parsed.name) !== undefined;
}
