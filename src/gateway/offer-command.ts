import { findModelRefusal } from "../core/access/model-rules.ts";
import { may, PERMISSIONS, type Permission } from "../core/access/permission.ts";
import type { Role } from "../core/access/role.ts";
import { OFFERED, shownCommands, TO_TYPE } from "../core/request/command-offer.ts";
import type { CommandAnswer } from "../core/request/known-goals.ts";
import { recognizeRequest } from "../core/request/recognize-request.ts";
import { buttons, code, doc, p } from "../core/rich-text/build.ts";
import type { Block, Inline, RichText } from "../core/rich-text/rich-text.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import type { Command } from "./commands/command.ts";
import { findCommand, mayUse, permissionIn } from "./commands/commands.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { Verdict } from "./verdict.ts";

const PAIRING = "decide:pairing";

/**
 * The command that a message plainly asks for, to press or to type: nothing is done by it. `undefined` for everything
 * that may be meant as talk, and for what this person may not use: that is for the model. Where the model may not work, a
 * command that sets it to work is not offered: why is said instead.
 */
export function offerCommand({ modelRules }: ModelDeps, facts: MessageFacts): Verdict | undefined {
  const offer = findOffer(facts);
  const { role } = facts.actor;
  if (offer?.command?.setsModelToWork === undefined || role === undefined) return offer?.verdict;
  const refusal = findModelRefusal(modelRules, { role, context: facts.context });
  if (refusal === undefined) return offer.verdict;
  return { ...offer.verdict, reason: refusal.reason, reply: doc(p(refusal.text)) };
}

interface Offer {
  readonly command: Command | undefined;
  readonly verdict: Verdict;
}

function findOffer(facts: MessageFacts): Offer | undefined {
  const { message, actor, context, files, isQuoted } = facts;
  const recognized = recognizeRequest(message.text);
  // What may let somebody in is for no model, whoever sends it and however.
  if (recognized.kind === "to_type" && recognized.hasCode)
    return tellToType(recognized.command, facts);
  if (isQuoted) return undefined;
  // A button that is pressed later would leave behind what came with the message.
  if (message.addressed === 0 || files.length > 0) return undefined;
  if (recognized.kind === "asks_command")
    return tellCommand(recognized.answer, actor.role, context);
  if (recognized.kind === "to_type") {
    const { command } = recognized;
    return offered(facts, command, doc(p(TO_TYPE, code(command), ...alsoMeant(command))));
  }
  if (recognized.kind !== "offers" || !recognized.isExact) return undefined;
  const { offers } = recognized;
  const commands = shownCommands(offers).flatMap((one, n) => [n === 0 ? "" : " or ", code(one)]);
  const reply = doc(p(OFFERED, ...commands), buttons(...offers));
  return offered(facts, offers[0]?.command ?? "", reply);
}

/** Without a code or an id nobody knows whether a person is meant or a call of the agent. */
function alsoMeant(command: string): readonly (Inline | string)[] {
  return commandOf(command)?.permission === PAIRING
    ? [
        ", to let somebody in or turn them away. What waits for an approval: ",
        code("/pending-actions"),
        ".",
      ]
    : [];
}

/** Nothing of what was sent with it is said again. */
function tellToType(text: string, facts: MessageFacts): Offer | undefined {
  const allowed = offered(facts, text, doc(p(TO_TYPE, code(text))));
  const command = commandOf(text);
  if (allowed !== undefined || command === undefined) return allowed;
  const reply = doc(whomToAsk(PAIRING));
  return {
    command,
    verdict: { rule: `request:${command.name}`, outcome: "answered", reason: null, reply },
  };
}

/** The exact command, for whom and where it was asked: no id and nothing that waits, and nothing is done by it. */
function tellCommand(
  answer: CommandAnswer,
  role: Role | undefined,
  context: MessageFacts["context"],
): Offer {
  const { command, note, label } = answer;
  const known = commandOf(command);
  const permission =
    answer.permission ?? (known === undefined ? "anyone" : permissionIn(context.kind, known));
  const rule = `question:${known?.name ?? "terminal"}`;
  const tell = (...blocks: RichText): Offer => ({
    command: known,
    verdict: { rule, outcome: "answered", reason: null, reply: doc(...blocks) },
  });
  if (permission !== "anyone" && !may(role, permission)) return tell(whomToAsk(permission));
  const noted = inlinesOf(note === "" ? "." : `. ${note}`);
  if (known === undefined)
    return tell(p("On the machine that I run on: ", code(command), ...noted));
  if (answer.isForGroups === true && context.kind === "private") {
    return tell(
      p("In private there is nothing to set. In a group, send ", code(command), ...noted),
    );
  }
  if (label === undefined) return tell(p("Send ", code(command), ...noted));
  return tell(
    p("Send ", code(command), " or press its button", ...noted),
    buttons({ label, command }),
  );
}

/** What stands in backticks is a command to read, not to tap. */
function inlinesOf(text: string): readonly (Inline | string)[] {
  return text.split("`").map((part, n) => (n % 2 === 1 ? code(part) : part));
}

function whomToAsk(permission: Permission): Block {
  const role = PERMISSIONS[permission];
  const whom = role === "overlord" ? "the owner" : "an admin";
  return p(`That takes the role ${role} or higher. Ask ${whom} of this runtime.`);
}

function commandOf(text: string): Command | undefined {
  return text.startsWith("/") ? findCommand(text.slice(1).split(" ", 1)[0] ?? "") : undefined;
}

/** What takes more in a group is not for the model there either: it would say that it is done. */
function offered(
  { actor: { role }, context: { kind } }: MessageFacts,
  text: string,
  reply: RichText,
): Offer | undefined {
  const command = commandOf(text);
  if (command === undefined || !mayUse(role, command, "private")) return undefined;
  const { permissionInGroups: needed } = command;
  const isRefused = needed !== undefined && !mayUse(role, command, kind);
  const rule = `request:${command.name}`;
  const told = isRefused ? doc(whomToAsk(needed)) : reply;
  return { command, verdict: { rule, outcome: "answered", reason: null, reply: told } };
}
