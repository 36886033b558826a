import { AppError } from "../../core/errors.ts";
import { code, doc, p } from "../../core/rich-text/build.ts";
import type { Block } from "../../core/rich-text/rich-text.ts";
import { supervisionOf } from "../../operations/change-context.ts";
import { type Supervision, setSupervision } from "../../operations/set-supervision.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const USAGE = "/admin-channel enable [hub] | disable";

/** What each form asks for. */
const FORMS: Readonly<Record<string, Supervision>> = {
  enable: "workspace",
  "enable hub": "hub",
  disable: "nothing",
};

export const adminChannelCommand: Command = {
  name: "admin-channel",
  aliases: [],
  args: "enable [hub] | disable",
  summary: "Have failures, routed and overdue tasks told here, of this workspace or (hub) of all",
  permission: "manage:contexts",
  isTypedOnly: true,
  run: async (call) => {
    const asked = call.args.trim().toLowerCase().replace(/\s+/gu, " ");
    if (asked === "") return { reply: doc(...stateOf(call), p("To change it: ", code(USAGE))) };
    const of = FORMS[asked];
    if (of === undefined) throw new AppError("invalid_input", `Send it as: ${USAGE}`);
    return await change(call, of);
  },
};

async function change(call: CommandCall, of: Supervision): Promise<CommandResult> {
  const { deps, facts } = call;
  const { effects, seen, hasChanged } = await setSupervision(deps, facts.actor, {
    contextId: facts.context.id,
    of,
  });
  const said = describe(call, of);
  const [first = p()] = said;
  return { reply: hasChanged ? doc(...said) : doc(p("It is so already."), first), effects, seen };
}

function stateOf(call: CommandCall): readonly Block[] {
  return describe(call, supervisionOf(call.facts.context)?.of ?? "nothing");
}

function describe({ facts }: CommandCall, of: Supervision): readonly Block[] {
  const isGroup = facts.context.kind === "group";
  const readers = isGroup ? [p("Everybody in this group reads it.")] : [];
  switch (of) {
    case "hub":
      return [
        p("This is a hub: what fails, is routed or is overdue in any workspace is told here."),
        ...readers,
      ];
    case "workspace":
      return [
        p(
          "This is an admin channel: what fails, is routed or is overdue in this workspace is told here.",
        ),
        ...readers,
        p("To hear of all workspaces: ", code("/admin-channel enable hub")),
      ];
    case "nothing":
      return [p("This is no admin channel: nothing of what happens elsewhere is told here.")];
  }
}
