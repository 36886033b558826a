import type { Role } from "../../core/access/role.ts";
import { bold, code, doc, list, p } from "../../core/rich-text/build.ts";
import type { Command } from "./command.ts";

/** `listUsable` comes in from the table, because this command is in it. */
export function createHelpCommand(
  listUsable: (role: Role | undefined) => readonly Command[],
): Command {
  return {
    name: "help",
    aliases: [],
    args: "",
    summary: "Show what you can do here",
    permission: "anyone",
    run: async ({ facts }) => {
      const { role } = facts.actor;
      const commands = listUsable(role).map((command) =>
        p(
          code(`/${command.name}${command.args === "" ? "" : ` ${command.args}`}`),
          ` – ${command.summary}`,
        ),
      );
      const last =
        role === undefined
          ? p("I do not know you yet. Send ", code("/pair"), " to ask for access.")
          : p("Write anything else and I answer. Send ", bold("stop"), " to end what I am doing.");
      return { reply: doc(p(bold("What you can do here")), list(...commands), last) };
    },
  };
}
