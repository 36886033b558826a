import type { CommandOffer } from "./command-link.ts";
import { shorten } from "./shorten.ts";

/** Longer text is somebody's content, not a request for a command. */
const LONGEST_REQUEST = 2_000;
const LABEL_LENGTH = 40;

/** What of the commands a sentence plainly asks for. */
export type Recognized =
  | { readonly kind: "offers"; readonly offers: readonly CommandOffer[] }
  /** A task is wanted, but not said what. */
  | { readonly kind: "task_without_text" }
  | { readonly kind: "capabilities" }
  | { readonly kind: "nothing" };

const POLITE =
  /^(?:(?:please|kindly|now|ok|okay|hi|hello|hey)\b[\s,!.]*|(?:can|could|would|will) you\b\s*|(?:i would|i'd) like (?:you )?to\b\s*|i want (?:you )?to\b\s*)/iu;
const NEW_TASK =
  /^(?:create|make|add|start|open|queue|new)\s+(?:me\s+)?(?:an?\s+|the\s+)?(?:new\s+)?(?:background\s+)?task\b(?<rest>.*)$/isu;
const TASK_JOINT = /^[\s:,-]*(?:(?:to|for|that|about|called)\s+)?/iu;
const AS_TASK = /\s(?:in the background|as a (?:background )?task)[\s.!?]*$/iu;
const TASK_ID = /\btask_[0-9a-z]{6,}\b/iu;
const MESSAGE_ID = /\bmsg_[0-9a-z]{6,}\b/iu;

const CANCEL =
  /^(?:stop|cancel|abort|halt|kill)\b(?:\s+(?:it|that|this|everything|now|please|working|work|all|my|the|running|current|task|tasks|turn|run|answer|task_\w+))*[\s.!?]*$/iu;
const TASKS =
  /^(?:(?:list|show|see|display|give)\b(?:\s+(?:me|all|of|my|our|the|open|running|recent))*\s+tasks?\b|(?:what|which)\b(?:\s+(?:are|of|my|our|the|open|running|current))*\s+tasks?\b|my tasks?\b|tasks?[\s?.!]*$)/iu;
const STATUS =
  /^(?:(?:show|give|tell|what is|what's|check)\b(?:\s+(?:me|the|your|current))*\s+status\b|status[\s?.!]*$|are you (?:there|alive|up|ok|okay|working|running|busy|online)\b|what are you (?:doing|working on)\b|what is running\b|what's running\b|which model\b|what model\b|how are you (?:doing|running)\b)/iu;
const EXPLAIN =
  /^(?:explain\s+(?:that|this|it|yourself|what happened|(?:my|the|your)\s+(?:last\s+)?(?:message|reply|answer)|msg_\w+|message\b)|what happened\s+(?:to|with)\s+(?:my|the|that|this)\b|why did(?:n't| not)? you\b)/iu;
const PAIR =
  /^(?:pair\b|pairing\b|(?:how (?:do|can) i|help me)\s+(?:to\s+)?pair\b|(?:link|connect)\s+(?:me|my)\b)/iu;
const HELP =
  /^(?:(?:i need |give me |some )*help(?:[\s,]+(?:me|us|please|out|now))*[\s,!?.]*$|(?:show|list|what are)\b(?:\s+(?:me|all|your|the|available))*\s+commands\b|what (?:can|do) you do\b|who are you\b|what are you\b|how do(?:es)? (?:i use you|this work|you work)\b)/iu;
const GREETING =
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening|day))\b[\s,!.]*(?:there)?[\s!.]*$/iu;

/** Recognises plain English requests for the commands. Deterministic; knows nothing but the text. */
export function recognizeRequest(text: string): Recognized {
  const whole = text.trim();
  if (whole.length > LONGEST_REQUEST) return { kind: "nothing" };
  if (GREETING.test(whole)) return { kind: "capabilities" };
  const request = withoutPoliteness(whole);
  if (HELP.test(request)) return { kind: "capabilities" };
  return recognizeTask(request) ?? recognizeCommand(request);
}

/** The offer to make a task of `text`; `undefined` when there is nothing to do in it. */
export function taskOffer(text: string): CommandOffer | undefined {
  const prompt = text
    .trim()
    .replace(/^[\s/]+/u, "")
    .replace(/[\s?]+$/u, "");
  // A button is one line; text that is more than that goes into /task by hand.
  const isOneLine = !/[\p{Cc}\u2028\u2029]/u.test(prompt);
  return prompt === "" || !isOneLine
    ? undefined
    : { label: "Create the task", command: `/task ${prompt}` };
}

function withoutPoliteness(text: string): string {
  let rest = text;
  for (let round = 0; round < 4; round += 1) {
    const next = rest.replace(POLITE, "");
    if (next === rest || next === "") return rest;
    rest = next;
  }
  return rest;
}

function recognizeTask(request: string): Recognized | undefined {
  const wanted = NEW_TASK.exec(request);
  if (wanted === null && !AS_TASK.test(request)) return undefined;
  const prompt = wanted
    ? (wanted.groups?.["rest"] ?? "").replace(TASK_JOINT, "")
    : request.replace(AS_TASK, "");
  const offer = taskOffer(prompt);
  return offer ? { kind: "offers", offers: [offer] } : { kind: "task_without_text" };
}

function recognizeCommand(request: string): Recognized {
  const offers: CommandOffer[] = [];
  if (CANCEL.test(request)) offers.push(cancelOffer(request));
  if (TASKS.test(request)) offers.push({ label: "Show the tasks", command: "/tasks" });
  if (STATUS.test(request)) offers.push({ label: "Show the status", command: "/status" });
  if (EXPLAIN.test(request)) offers.push(explainOffer(request));
  if (PAIR.test(request)) offers.push({ label: "Pair", command: "/pair" });
  return offers.length > 0 ? { kind: "offers", offers } : { kind: "nothing" };
}

function cancelOffer(request: string): CommandOffer {
  const id = TASK_ID.exec(request)?.[0].toLowerCase();
  return id === undefined
    ? { label: "Show what can be cancelled", command: "/cancel" }
    : { label: shorten(`Cancel ${id}`, LABEL_LENGTH), command: `/cancel ${id}` };
}

function explainOffer(request: string): CommandOffer {
  const id = MESSAGE_ID.exec(request)?.[0].toLowerCase();
  return id === undefined
    ? { label: "Explain the last message", command: "/explain" }
    : { label: shorten(`Explain ${id}`, LABEL_LENGTH), command: `/explain ${id}` };
}
