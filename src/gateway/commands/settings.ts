import { AppError } from "../../core/errors.ts";
import { bold, code, doc, list, p } from "../../core/rich-text/build.ts";
import type { Block } from "../../core/rich-text/rich-text.ts";
import { addressingOf } from "../../operations/addressing-of.ts";
import { type GroupSettings, setGroupSettings } from "../../operations/set-group-settings.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const USAGE = "/settings addressing mention|all|default, /settings triage on|off, or both in one";

/** What each form changes; one message may say one of each. */
const FORMS: Readonly<Record<string, GroupSettings>> = {
  "addressing mention": { addressing: "mention" },
  "addressing all": { addressing: "all" },
  "addressing default": { addressing: null },
  "triage on": { isTriaged: true },
  "triage off": { isTriaged: false },
};

export const settingsCommand: Command = {
  name: "settings",
  aliases: [],
  args: "[addressing mention|all|default] [triage on|off]",
  summary: "Show or change what I listen to in this group",
  permission: "manage:contexts",
  isTypedOnly: true,
  run: async (call) => {
    const asked = call.args.trim().toLowerCase().replace(/\s+/gu, " ");
    if (asked === "" || asked === "show") return { reply: doc(...stateOf(call)) };
    const change = readChange(asked.split(" "));
    if (change === undefined) throw new AppError("invalid_input", `Send it as: ${USAGE}`);
    return await setTo(call, change);
  },
};

function readChange(words: readonly string[]): GroupSettings | undefined {
  let change: GroupSettings = {};
  for (let at = 0; at < words.length; at += 2) {
    const one = FORMS[words.slice(at, at + 2).join(" ")];
    // Said twice, it is not clear which holds.
    if (one === undefined || Object.keys(one).some((name) => name in change)) return undefined;
    change = { ...change, ...one };
  }
  return change;
}

async function setTo(call: CommandCall, change: GroupSettings): Promise<CommandResult> {
  const { deps, facts } = call;
  const input = { ...change, contextId: facts.context.id };
  const { effects, seen } = await setGroupSettings(deps, facts.actor, input);
  const hears = change.isTriaged === true || change.addressing === "all";
  return {
    reply: doc(
      p("That holds from the next message on."),
      ...triageNote(call, change.isTriaged === true),
      ...(hears ? hearingNote(call) : []),
    ),
    effects,
    seen,
  };
}

function stateOf(call: CommandCall): readonly Block[] {
  const { deps, facts } = call;
  const { context } = facts;
  if (context.kind === "private") {
    return [p("In private all that you say is for me: there is nothing to set.")];
  }
  const addressing = addressingOf(context, deps.modelRules);
  const origin = context.addressing === null ? " (the default of this runtime)" : "";
  const isTriaged = context.is_triaged === 1;
  const hears = isTriaged || addressing === "all";
  return [
    list(
      p(bold("addressing: "), code(addressing), `${origin}: I answer ${ANSWERS[addressing]}`),
      p(bold("triage: "), code(isTriaged ? "on" : "off"), `: ${TRIAGE[isTriaged ? 1 : 0]}`),
    ),
    ...triageNote(call, isTriaged),
    p("To change it: ", code(USAGE)),
    ...(hears ? hearingNote(call) : []),
  ];
}

const ANSWERS = {
  mention: "when I am mentioned, replied to or given a command",
  all: "all that paired people say here",
} as const;
const TRIAGE = [
  "what is not said to me is dropped, without its text",
  "what is not said to me is sorted, and what needs somebody becomes a task",
] as const;

function triageNote({ isTriageEnabled }: CommandCall, isTriaged: boolean): readonly Block[] {
  if (isTriageEnabled || !isTriaged) return [];
  const name = code("AGENT_RUNTIME_TRIAGE_ENABLED");
  return [
    p(
      "Triage is switched off for every group here, by ",
      name,
      ": until that is on, nothing is triaged.",
    ),
  ];
}

/** A platform may keep from us what we are set to hear. */
function hearingNote({ facts, channels }: CommandCall): readonly Block[] {
  const { connector, account } = facts.context;
  const hearsGroups = channels.hearsGroups(connector, account);
  if (hearsGroups === true) return [];
  if (connector !== "telegram") return [p("I hear only what I am allowed to read here.")];
  return [
    p(
      "Telegram gives a bot all that is said in a group only when its privacy mode is off or it is an admin there. ",
      hearsGroups === undefined ? "" : "When I was started, mine was on. ",
      "Switch it off with ",
      code("/setprivacy"),
      " at @BotFather, remove me from the group and add me again.",
    ),
  ];
}
