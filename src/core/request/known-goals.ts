import type { Permission } from "../access/permission.ts";

/** What is done with which command, and how. */
export interface CommandAnswer {
  /** `/tasks`, or what is typed on the machine; with `<needed>` and `[optional]`. */
  readonly command: string;
  /** How to go about it, in a sentence, with commands in backticks; empty when there is nothing to say. */
  readonly note: string;
  /** Complete as it stands, so that a button with this label may stand for it. */
  readonly label?: string;
  /** What it takes, of what is typed on the machine; a command in a chat says so itself. */
  readonly permission?: Permission;
  /** It does something in groups alone. */
  readonly isForGroups?: true;
}

export interface KnownGoal extends CommandAnswer {
  /** What somebody wants to do, as the whole rest of their question. */
  readonly goal: RegExp;
  /** The same where no command is spoken of, as in `how do I …`: only what can mean nothing else. */
  readonly plainGoal?: RegExp;
  /** A whole message that asks for it without saying how. */
  readonly asked?: RegExp;
}

const SOMEBODY =
  "(?:(?:a|an|the|this|that|my|new|another|pending|latest|last|open|pairing|person|people|user|member|friend|colleague|somebody|someone|everyone|them|him|her|it|request|code|approval|access)s?)";
const PAIRING =
  "(?:(?:a|an|the|this|that|my|new|pending|latest|last) )*pairing(?: (?:request|code))?s?";
const TASK = "(?:(?:a|an|the|this|that|my|our|all|open|running|new|background|overdue) )*tasks?";
const SEE = "(?:see|shows?|lists?|view|find|look at|get|check|read)";

const AN = "(?:(?:a|an|the|this|that|my|new|all|another|dead|api) )*";
const NEVER = /(?!)/u;

/** What no chat can do. */
const ON_THE_MACHINE: readonly KnownGoal[] = [
  onMachine(`(?:${SEE} )${AN}workspaces`, "agent-runtime workspaces list", "manage:workspaces"),
  onMachine(
    `(?:creates?|makes?|creating) ${AN}workspace`,
    "agent-runtime workspaces create <name>",
    "manage:workspaces",
  ),
  onMachine(
    `(?:binds?|move) ${AN}(?:chat|group|conversation|context) (?:to|into) ${AN}workspace`,
    "agent-runtime workspaces bind <context> <workspace>",
    "manage:workspaces",
  ),
  onMachine(`${SEE} ${AN}api keys`, "agent-runtime keys list", "manage:access"),
  {
    ...onMachine(
      `(?:creates?|makes?|get) ${AN}key`,
      "agent-runtime keys create --name <name> --role <role>",
      "manage:access",
    ),
    plainGoal: whole("(?:create|make|get) (?:an|a new|another|my) api key"),
  },
  onMachine(
    `${SEE} ${AN}(?:deliveries|dead letters)`,
    "agent-runtime deliveries list --state dead",
    "manage:deliveries",
  ),
  onMachine(
    `(?:replays?|re-?send) ${AN}(?:delivery|dead letter)`,
    "agent-runtime deliveries replay <id>",
    "manage:deliveries",
  ),
  onMachine(
    "unlinks? (?:somebody|someone|(?:an?|the|this|that|my) (?:person|user|member|account|identity))",
    "agent-runtime users unlink <identity>",
    "manage:access",
  ),
];

/** The first that fits answers. */
export const KNOWN_GOALS: readonly KnownGoal[] = [
  {
    asked: whole(
      "(?:(?:show|list|see|what are|are there)(?: me)? )?(?:the |all |any |my )*(?:pending|open) (?:approvals?|actions?)|what (?:waits|is waiting) for (?:an |my )?approval",
    ),
    goal: whole(
      `(?:${SEE} )?(?:all |the |my )*(?:pending|open|waiting) (?:approvals?|actions?)|${SEE} what (?:waits|is waiting) for (?:an |my )?approval`,
    ),
    command: "/pending-actions",
    label: "Show what waits for an approval",
    note: "Who asks to be let in is another list, for admins: `agent-runtime pairing list`.",
  },
  {
    asked: whole(
      "(?:(?:show|list|see|what are|are there)(?: me)? )?(?:the |all |any )*pending (?:pairings?|pairing requests?)|who wants (?:in|access|to be let in)|who (?:waits|is waiting) to be (?:let in|approved|paired)",
    ),
    goal: whole(
      `(?:${SEE} )?(?:all |the )*(?:pending|waiting)(?: ${SOMEBODY})+|${SEE} who (?:waits|is waiting|wants in|wants access)`,
    ),
    command: "agent-runtime pairing list",
    permission: "decide:pairing",
    note: "The page shows the same under People.",
  },
  {
    goal: whole(`(?:${SEE} )?(?:all |the )*(?:users|people|members|roles)|${SEE} who is paired`),
    plainGoal: whole("list (?:all |the )*users|see who is paired"),
    command: "agent-runtime users list",
    permission: "read:all",
    note: "The page shows the same under People.",
  },
  {
    goal: whole(
      "(?:approv(?:e|ing)|allow(?:ing)?) (?:(?:an?|the|this|that|my|pending|open|latest|last) )*(?:actions?|calls?)",
    ),
    command: "/approve-action <id> [note]",
    note: "The whole id begins with `act_`; `/pending-actions` lists what waits.",
  },
  {
    goal: whole(
      "(?:deny(?:ing)?|reject(?:ing)?|declin(?:e|ing)|refus(?:e|ing)) (?:(?:an?|the|this|that|my|pending|open|latest|last) )*(?:actions?|calls?)",
    ),
    command: "/deny-action <id> [reason]",
    note: "The whole id begins with `act_`; `/pending-actions` lists what waits.",
  },
  {
    goal: whole(
      `(?:approv(?:e|ing)|accept(?:ing)?|admit(?:ting)?)(?: ${SOMEBODY})*|pair(?:ing)?(?: ${SOMEBODY})+|let(?:ting)?(?: ${SOMEBODY})+ in|giv(?:e|ing)(?: ${SOMEBODY})+`,
    ),
    plainGoal: whole(
      `(?:approve|accept) ${PAIRING}|approve(?: ${SOMEBODY})* (?:person|user|member|code|request)s?|pair(?: (?:a|an|the|my|new|another))* (?:person|user|member|friend|colleague)s?`,
    ),
    asked: whole(
      "if (?:an )?approval is needed(?:,? (?:what|which) (?:is (?:the )?(?:exact )?command|command (?:do|should) i (?:run|use|send|type)))?",
    ),
    command: "/approve <code> [role]",
    note: "Whoever wants in sends `/pair` to me in private and gives you the code.",
  },
  {
    goal: whole(
      `(?:deny(?:ing)?|reject(?:ing)?|declin(?:e|ing)|turn(?:ing)? away)(?: ${SOMEBODY})*`,
    ),
    plainGoal: whole(
      `(?:deny|reject|decline) ${PAIRING}|deny (?:somebody|someone|a (?:person|user|member))`,
    ),
    command: "/deny <code> [reason]",
    note: "The code is the one that the person got.",
  },
  {
    goal: whole(
      "(?:pair|pairing|get (?:access|paired|in)|access|ask for access|be let in)(?: (?:with you|me|myself|my account|my phone))*",
    ),
    command: "/pair",
    label: "Show who I am",
    note: "You are paired already: here it shows as whom. Sent in private from another account, it asks for access.",
  },
  {
    goal: whole(
      `(?:${SEE} )?(?:the )?status(?: of ${TASK})?|${SEE} what (?:is running|you are doing)`,
    ),
    command: "/status",
    label: "Show the status",
    note: "",
  },
  {
    goal: whole(`(?:re-?try(?:ing)?|repeat(?:ing)?) ${TASK}`),
    command: "agent-runtime tasks retry <id>",
    permission: "retry:task",
    note: "The page has a button for it at a task that failed.",
  },
  {
    goal: whole(
      `(?:cancel(?:l?ing)?|stop(?:ping)?|end(?:ing)?|abort(?:ing)?) (?:${TASK}|(?:the|your) answer)`,
    ),
    command: "/cancel",
    label: "Show what can be cancelled",
    note: "",
  },
  {
    goal: whole(
      `(?:(?:re-?)?rout(?:e|ing)|(?:re-?)?classify(?:ing)?|prioriti[sz](?:e|ing)|(?:change|set) the (?:class|priority|due time|due window) of) ${TASK}`,
    ),
    command: "/route <task-id> <class> [priority] [due-window]",
    note: "For example: `/route k3v9qd issue p1 2h`.",
  },
  {
    goal: whole(
      `(?:creat(?:e|ing)|mak(?:e|ing)|add(?:ing)?|start(?:ing)?|queu(?:e|ing)|giv(?:e|ing) you) ${TASK}(?: (?:to|for|about) .+)?`,
    ),
    asked: whole(
      "(?:turn|make) (?:this|that|it) (?:into )?an? (?:actionable )?task|create (?:an|one) actionable task|create (?:a|one|the) task from (?:this|that)",
    ),
    command: "/task <prompt>",
    note: "Say after it what is to be done.",
  },
  {
    goal: whole(
      "(?:(?:start|begin)(?:ning|ing)?(?: all)? (?:over|again|anew|afresh)|(?:(?:start|begin|open|have)(?:ning|ing)? )?(?:a )?(?:new|fresh) (?:conversation|chat)|(?:reset|clear)(?:t?ing)? (?:the|this|our) (?:conversation|chat|history))",
    ),
    command: "/new",
    label: "Begin a new conversation",
    note: "What was said here before is told to me no more; rules, notes and the log stay.",
  },
  {
    goal: whole(`(?:${SEE} )?${TASK}`),
    command: "/tasks",
    label: "Show the tasks",
    note: "",
  },
  {
    goal: whole(
      "(?:see|know|find out|explain|ask) (?:what (?:happened to|became of)|why you did not answer) (?:(?:my|the|a|last) )*message",
    ),
    command: "/explain",
    label: "Explain the last message",
    note: "As a reply to a message, it explains that one.",
  },
  {
    goal: whole(
      `(?:(?:change|set|see)(?: ${SOMEBODY}(?:'s)?)* roles?(?: of(?: ${SOMEBODY})+)?|give ${SOMEBODY}(?: ${SOMEBODY})* (?:another|a new|a) role|make (?:\\S+ ){1,4}an? (?:viewer|member|operator|admin|overlord))`,
    ),
    command: "agent-runtime users role <user> <role>",
    permission: "manage:access",
    note: "The page does the same under People.",
  },
  {
    goal: whole("(?:turn|switch) (?:on triage|triage on)|enable triage"),
    command: "/settings triage on",
    isForGroups: true,
    note: "",
  },
  {
    goal: whole("(?:turn|switch) (?:off triage|triage off)|disable triage"),
    command: "/settings triage off",
    isForGroups: true,
    note: "",
  },
  {
    goal: whole(`(?:change|${SEE}) (?:(?:the|your|this group's) )*settings`),
    asked: whole("(?:show|list)(?: me)? (?:(?:the|your|this group's) )*settings"),
    command: "/settings",
    isForGroups: true,
    note: "Alone it shows what holds and how to change it.",
  },
  {
    goal: whole("(?:enable|set up|make this) (?:(?:this|an|the|as) )*admin[ -]channel"),
    command: "/admin-channel enable",
    note: "",
  },
  {
    goal: whole("(?:set|change) (?:the|your) prompt"),
    command: "/prompt set <text>",
    note: "",
  },
  ...ON_THE_MACHINE,
  {
    goal: NEVER,
    asked: whole("(?:what is |what's )?(?:the )?(?:exact )?next command (?:that )?i should run"),
    command: "/help",
    label: "Show all commands",
    note: "",
  },
];

function onMachine(goal: string, command: string, permission: Permission): KnownGoal {
  return { goal: whole(goal), plainGoal: whole(goal), command, permission, note: "" };
}

function whole(goal: string): RegExp {
  return new RegExp(`^(?:${goal})$`, "iu");
}
