import { findModelRefusal } from "../../core/access/model-rules.ts";
import { may } from "../../core/access/permission.ts";
import type { Role } from "../../core/access/role.ts";
import { bold, code, doc, list, p } from "../../core/rich-text/build.ts";
import type { Block } from "../../core/rich-text/rich-text.ts";
import type { ContextRow } from "../../store/queries/contexts.ts";
import type { Command, CommandCall } from "./command.ts";

/** `listUsable` comes in from the table, because this command is in it. */
export function createHelpCommand(
  listUsable: (role: Role | undefined, kind: ContextRow["kind"]) => readonly Command[],
): Command {
  return {
    name: "help",
    aliases: [],
    args: "",
    summary: "Show what you can do here",
    permission: "anyone",
    run: async (call) => {
      const { actor, context } = call.facts;
      const commands = listUsable(actor.role, context.kind).map((command) =>
        p(
          code(`/${command.name}${command.args === "" ? "" : ` ${command.args}`}`),
          ` – ${command.summary}`,
        ),
      );
      return {
        reply: doc(p(bold("What you can do here")), list(...commands), whoAnswers(call)),
      };
    },
  };
}

/** What becomes of anything else this person writes here. */
function whoAnswers({ deps, facts }: CommandCall): Block {
  const { role } = facts.actor;
  if (role === undefined)
    return p("I do not know you yet. Send ", code("/pair"), " to ask for access.");
  if (!may(role, "converse")) return p(`Your role (${role}) may look, but not talk to me.`);
  const refusal = findModelRefusal(deps.modelRules, { role, context: facts.context });
  if (refusal !== undefined) return p(refusal.text);
  return p("Write anything else and I answer. Send ", bold("stop"), " to end what I am doing.");
}
