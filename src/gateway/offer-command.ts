import { recognizeRequest } from "../core/request/recognize-request.ts";
import { buttons, code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { findCommand, mayUse } from "./commands/commands.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { Verdict } from "./verdict.ts";

const LONGEST_SHOWN = 120;

/**
 * The command that a message plainly asks for, to press or to type: nothing is done by it. `undefined` for everything
 * that may be meant as talk, and for what this person may not use: that is for the model.
 */
export function offerCommand({
  message,
  actor,
  files,
  isQuoted,
}: MessageFacts): Verdict | undefined {
  if (isQuoted) return undefined;
  // A button that is pressed later would leave behind what came with the message.
  if (message.addressed === 0 || files.length > 0) return undefined;
  const recognized = recognizeRequest(message.text);
  if (recognized.kind === "to_type") {
    const { command } = recognized;
    return offered(actor.role, command, doc(p("I do that only when you type it: ", code(command))));
  }
  if (recognized.kind !== "offers" || !recognized.isExact) return undefined;
  const { offers } = recognized;
  const commands = offers.flatMap(({ command }, n) => [
    n === 0 ? "" : " or ",
    code(shown(command)),
  ]);
  const reply = doc(
    p("A command does that. Send it, or press its button: ", ...commands),
    buttons(...offers),
  );
  return offered(actor.role, recognized.offers[0]?.command ?? "", reply);
}

function shown(command: string): string {
  return command.length > LONGEST_SHOWN ? `${command.slice(0, LONGEST_SHOWN)}…` : command;
}

function offered(
  role: MessageFacts["actor"]["role"],
  text: string,
  reply: RichText,
): Verdict | undefined {
  const command = findCommand(text.slice(1).split(" ", 1)[0] ?? "");
  if (command === undefined || !mayUse(role, command)) return undefined;
  return { rule: `request:${command.name}`, outcome: "answered", reason: null, reply };
}
