import { isQuotedMessage } from "../operations/is-quoted-message.ts";
import type { MessageRow } from "../store/queries/messages.ts";
import { findCommand } from "./commands/commands.ts";
import { isStopWord, parseCommand } from "./parse-command.ts";

/**
 * Whether a message speaks to us: it calls us, or is a command of ours, which needs no name. Somebody else's words call
 * nobody by what is in them.
 */
export function isCalled(message: Pick<MessageRow, "addressed" | "text" | "payload">): boolean {
  if (message.addressed === 1) return true;
  if (isQuotedMessage(message)) return false;
  const parsed = parseCommand(message.text, () => false);
  return parsed.kind === "command" && findCommand(parsed.name) !== undefined;
}

/** Whether what speaks to us is an order: a command, or a stop word. No album is talk whose words are one. */
export function isOrder(message: Pick<MessageRow, "addressed" | "text" | "payload">): boolean {
  if (!isCalled(message) || isQuotedMessage(message)) return false;
  const isOurName = () => message.addressed === 1;
  const { kind } = parseCommand(message.text, isOurName);
  return kind === "command" || isStopWord(message.text, isOurName);
}
