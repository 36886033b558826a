import type { CommandOffer } from "./command-offer.ts";

const LABEL_LENGTH = 40;
const TASK_ID = /\btask_[0-9a-z]{6,}\b/iu;
const MESSAGE_ID = /\bmsg_[0-9a-z]{6,}\b/iu;

interface CommandForm {
  /** It is about this command. */
  readonly asks: RegExp;
  /** The whole of it is nothing but a request for this command; then no model need think about it. */
  readonly exactly?: RegExp;
  readonly offer: (request: string) => CommandOffer;
}

const NEW_CONVERSATION =
  /^(?:(?:let's |let us )?(?:start|begin)(?: all)? (?:over|again|anew|afresh|from scratch)|(?:let's |let us )?(?:(?:start|begin|open|have) )?(?:an? )?(?:new|fresh) (?:conversation|chat)|(?:reset|clear) (?:the|this|our) (?:conversation|chat|history)|forget (?:everything|all|what) (?:that )?(?:(?:i|we) (?:have )?said|was said)(?: (?:before|so far|until now|here))*)[\s.!?]*$/iu;

/** What people call the commands that a button may stand for. */
export const COMMAND_FORMS: readonly CommandForm[] = [
  {
    asks: /^(?:help[\s.!?]*$|(?:show|list|what are)\b(?:\s+(?:me|all|your|the|available))*\s+commands\b)/iu,
    exactly: /^(?:help|(?:show|list|what are)(?:\s+(?:me|all|your|the|available))*\s+commands)$/iu,
    offer: () => ({ label: "Show all commands", command: "/help" }),
  },
  {
    asks: /^(?:stop|cancel|abort|halt|kill)\b(?:\s+(?:it|that|this|everything|now|please|working|work|all|my|the|running|current|task|tasks|turn|run|answer|task_\w+))*[\s.!?]*$/iu,
    exactly:
      /^(?:stop|cancel|abort)(?:\s+(?:all|my|the|this|that|running|current))*(?:\s+tasks?|(?:\s+task)?\s+task_\w+)$/iu,
    offer: cancelOffer,
  },
  {
    asks: NEW_CONVERSATION,
    exactly: NEW_CONVERSATION,
    offer: () => ({ label: "Begin a new conversation", command: "/new" }),
  },
  {
    asks: /^(?:(?:list|show|see|display|give)\b(?:\s+(?:me|all|of|my|our|the|open|running|recent))*\s+tasks?\b|(?:what|which)\b(?:\s+(?:are|of|my|our|the|open|running|current))*\s+tasks?\b|my tasks?\b|tasks?[\s?.!]*$)/iu,
    exactly:
      /^(?:(?:list|show|see|display)(?:\s+(?:me|all|of|my|our|the|open|running|recent))*\s+tasks|(?:what|which) tasks are (?:open|running|there)|my tasks|tasks)$/iu,
    offer: () => ({ label: "Show the tasks", command: "/tasks" }),
  },
  {
    asks: /^(?:(?:show|give|tell|what is|what's|check)\b(?:\s+(?:me|the|your|current))*\s+status\b|status[\s?.!]*$|are you (?:there|alive|up|ok|okay|working|running|busy|online)\b|what are you (?:doing|working on)\b|what is running\b|what's running\b|which model\b|what model\b|how are you (?:doing|running)\b)/iu,
    exactly:
      /^(?:(?:(?:show|give|tell|what is|what's|check)(?:\s+(?:me|the|your|current))*\s+)?status|what(?: is|'s) running)$/iu,
    offer: () => ({ label: "Show the status", command: "/status" }),
  },
  {
    asks: /^(?:(?:show|give|tell|what is|what's|what are|check)\b(?:\s+(?:me|the|your|our|my|current|today's))*\s+(?:spend|spending|costs?)(?:\s+(?:today|so far))?[\s?.!]*$|(?:spend|spending|costs)(?:\s+today)?[\s?.!]*$|(?:how much|what) (?:did|do|does|have|has|was|is)\b(?:\s+(?:i|we|you|it|that|this|been|already|all))*\s+(?:spend|spent|cost)\b(?:\s+(?:today|so far|already|me|us))*[\s?.!]*$)/iu,
    exactly:
      /^(?:(?:show|check|what is|what's)(?:\s+(?:me|the|your|our|my|today's))*\s+spend(?:ing)?(?:\s+today)?|spend(?:ing)?(?:\s+today)?|how much (?:did|have|has) (?:i|we|you|been)(?:\s+been)? (?:spend|spent)(?:\s+(?:today|so far))?)$/iu,
    offer: () => ({ label: "Show what was spent", command: "/spend" }),
  },
  {
    asks: /^(?:explain\s+(?:that|this|it|yourself|what happened|(?:my|the|your)\s+(?:last\s+)?(?:message|reply|answer)|msg_\w+|message\b)|what happened\s+(?:to|with)\s+(?:my|the|that|this)\b|why did(?:n't| not)? you\b)/iu,
    exactly: /^(?:explain(?:\s+message)?|what happened (?:to|with)(?:\s+message)?)\s+msg_\w+$/iu,
    offer: explainOffer,
  },
  {
    asks: /^(?:pair\b|pairing\b|(?:how (?:do|can) i|help me)\s+(?:to\s+)?pair\b|(?:link|connect)\s+(?:me|my)\b)/iu,
    offer: () => ({ label: "Pair", command: "/pair" }),
  },
];

const WHY = "(?:[\\s,:;]+(?:because|reason|since|as|for)\\b.*)?";
/** What a code may look like; a word with a hyphen, or in capitals, is one only where no talk goes on. */
const CODE = [
  "(?=\\S*\\d)(?=\\S*[a-z])[0-9a-z]{4}-?[0-9a-z]{4}(?:[\\s,:;].*)?",
  "(?=\\S*\\d)[0-9a-z]{4}\\s(?=\\S*\\d)[0-9a-z]{4}(?:[\\s,:;].*)?",
  `(?:[a-z]{4}-[a-z]{4}|(?-i:[A-Z]{8}))${WHY}`,
].join("|");
const WHAT =
  "(?:it|this|that|them|all|everything|everyone|the|last|latest|newest|most recent|pending|code|token|pairing|request|action|approval)s?";

const APPROVE = "/approve <code> [role]";
const DENY = "/deny <code> [reason]";
const APPROVE_ACTION = "/approve-action <id> [note]";
const DENY_ACTION = "/deny-action <id> [reason]";

/** What is never begun by a button; each whole message gets the command to type. */
const TO_TYPE: readonly (readonly [form: RegExp, command: string])[] = [
  [formOfAction("approve"), APPROVE_ACTION],
  [formOfAction("deny|reject|decline"), DENY_ACTION],
  [form("approve"), APPROVE],
  [form("deny|reject|decline"), DENY],
  [
    /^(?:enable|set up)(?: this as)?(?: an| the)? admin[ -]channel(?: here)?$/iu,
    "/admin-channel enable",
  ],
  [/^make this an? admin[ -]channel$/iu, "/admin-channel enable"],
  [/^(?:the )?admin[ -]channel enable$/iu, "/admin-channel enable"],
  [/^(?:the )?admin[ -]channel disable$/iu, "/admin-channel disable"],
  [/^(?:disable|remove)(?: the| this)? admin[ -]channel(?: here)?$/iu, "/admin-channel disable"],
  [/^(?:show(?: me)?(?: the| your)? prompt|prompt show)$/iu, "/prompt show"],
  [/^(?:clear(?: the| your)? prompt|prompt clear)$/iu, "/prompt clear"],
  [/^(?:set|update|change)(?: the| your)? prompt(?: to\b.*|:.*)?$/isu, "/prompt set <text>"],
];

const WITH_CODE: typeof TO_TYPE = [
  [formWithCode("approve"), APPROVE],
  [formWithCode("deny|reject|decline"), DENY],
  [commandWithCode("approve"), APPROVE],
  [commandWithCode("deny"), DENY],
];

/** `approve act_…`, `approve all pending actions`: no words but the whole id name one. */
function formOfAction(verbs: string): RegExp {
  return new RegExp(`^${begin(verbs)}\\s+(?:actions?|act_\\w+(?:[\\s,:;].*)?)[\\s.!?]*$`, "isu");
}

/** `approve it`, `deny this because …`, `approve everyone`. */
function form(verbs: string): RegExp {
  return new RegExp(
    `^${begin(verbs)}(?:\\s+(?:it|this|that)[\\s,]+(?:because|reason)\\b.*)?[\\s.!?]*$`,
    "isu",
  );
}

/** `deny k3v9-qd7m because …`, `approve token K3V9QD7M`. */
function formWithCode(verbs: string): RegExp {
  return new RegExp(`^${begin(verbs)}:?\\s+(?:${CODE})$`, "isu");
}

/** The command itself with its code, anywhere in a text: told of, or in what somebody forwards. */
function commandWithCode(name: string): RegExp {
  return new RegExp(
    `(?:^|[^\\w/])/${name}(?:@\\w+)?\\s+(?=\\S*[\\d-])[0-9a-z]{4}-?[0-9a-z]{4}(?![\\w-])`,
    "isu",
  );
}

function begin(verbs: string): string {
  return `(?:yes,? )?(?:i )?(?:${verbs})(?:\\s+(?:an? )?${WHAT})*`;
}

/** The command for a request that is nothing but one of these; `undefined` when it is something else. */
export function findCommandToType(request: string): string | undefined {
  return findIn(TO_TYPE, request);
}

/** The same of one that holds what may be a code that lets somebody in. */
export function findCommandWithCode(request: string): string | undefined {
  return findIn(WITH_CODE, request);
}

function findIn(forms: typeof TO_TYPE, request: string): string | undefined {
  const plain = request.trim().replace(/[\s.!?]+$/u, "");
  return forms.find(([asks]) => asks.test(plain))?.[1];
}

function cancelOffer(request: string): CommandOffer {
  const id = TASK_ID.exec(request)?.[0].toLowerCase();
  return id === undefined
    ? { label: "Show what can be cancelled", command: "/cancel" }
    : { label: shortLabel(`Cancel ${id}`), command: `/cancel ${id}` };
}

function explainOffer(request: string): CommandOffer {
  const id = MESSAGE_ID.exec(request)?.[0].toLowerCase();
  return id === undefined
    ? { label: "Explain the last message", command: "/explain" }
    : { label: shortLabel(`Explain ${id}`), command: `/explain ${id}` };
}

function shortLabel(label: string): string {
  return label.length > LABEL_LENGTH ? `${label.slice(0, LABEL_LENGTH - 1)}…` : label;
}
