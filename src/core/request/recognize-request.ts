import type { CommandOffer } from "./command-offer.ts";
import { answerCommandQuestion, goalOf } from "./command-questions.ts";
import type { CommandAnswer } from "./known-goals.ts";
import { COMMAND_FORMS, findCommandToType, findCommandWithCode } from "./request-forms.ts";

/** Longer text is somebody's content, not a request for a command. */
const LONGEST_REQUEST = 2_000;
/** A button carries the whole request or nothing: a cut one would ask for something else. */
const LONGEST_OFFERED_TASK = 500;

/** What of the commands a sentence plainly asks for. */
export type Recognized =
  | {
      readonly kind: "offers";
      readonly offers: readonly CommandOffer[];
      /** The whole message is one form of one command; else it may also be meant as talk. */
      readonly isExact: boolean;
    }
  /** What no button may lead to. */
  | {
      readonly kind: "to_type";
      readonly command: string;
      /** What may be a code that lets somebody in stands in the text. */
      readonly hasCode: boolean;
    }
  /** Which command does something is asked for, and nothing else. */
  | { readonly kind: "asks_command"; readonly answer: CommandAnswer }
  /** A task is wanted, but not said what. */
  | { readonly kind: "task_without_text" }
  | { readonly kind: "capabilities" }
  | { readonly kind: "nothing" };

const POLITE =
  /^(?:(?:please|kindly|now|ok|okay|hi|hello|hey)\b[\s,!.]*|(?:can|could|would|will) you\b\s*|(?:i would|i'd) like (?:you )?to\b\s*|i want (?:you )?to\b\s*)/iu;
const NEW_TASK =
  /^(?:create|make|add|start|open|queue|new)\s+(?:me\s+)?(?:an?\s+|the\s+)?(?:new\s+)?(?:background\s+)?task\b(?<rest>.*)$/isu;
/** `add task water the plants`: without an article, and with no word that makes another thing of it. */
const SHORT_TASK =
  /^(?:(?:create|add|queue)\s+task\s+(?!(?:list|force|manage|board|track|queue|bar|card|template|item|view|page|type|name|group|panel|depend|priorit|to|in|on|at|of|and|or|for|from|with|that|which|about|called|when|where|this|id)|.*\?)|task:\s*)(?<prompt>\S.*)$/iu;
const TASK_JOINT = /^[\s:,-]*(?:(?:to|for|that|about|called)\s+)?/iu;
const PLAIN_JOINT = /^(?::\s*|\s+to\s+)(?!\s)/iu;
const AS_TASK = /\s(?:in the background|as a (?:background )?task)[\s.!?]*$/iu;

const HELP =
  /^(?:(?:(?:i need |give me |some )+help|help(?=[\s,]+[a-z]))(?:[\s,]+(?:me|us|please|out|now))*[\s,!?.]*$|what (?:can|do) you do\b|who are you\b|what are you\b|how do(?:es)? (?:i use you|this work|you work)\b)/iu;
const GREETING =
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening|day))\b[\s,!.]*(?:there)?[\s!.]*$/iu;

/** Recognises plain English requests for the commands. Deterministic; knows nothing but the text. */
export function recognizeRequest(text: string): Recognized {
  const whole = text.trim();
  if (whole.length > LONGEST_REQUEST) return { kind: "nothing" };
  if (GREETING.test(whole)) return { kind: "capabilities" };
  const request = withoutPoliteness(whole);
  const { asked, how } = goalOf(request);
  const withCode = findCommandWithCode(asked ?? how ?? request);
  if (withCode !== undefined) return { kind: "to_type", command: withCode, hasCode: true };
  const answer = answerCommandQuestion(request);
  if (answer !== undefined) return { kind: "asks_command", answer };
  const command = findCommandToType(request);
  if (command !== undefined) return { kind: "to_type", command, hasCode: false };
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
  return prompt === "" || !isOneLine || prompt.length > LONGEST_OFFERED_TASK
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
  const short = taskOffer(SHORT_TASK.exec(request)?.groups?.["prompt"] ?? "");
  if (short !== undefined) return { kind: "offers", offers: [short], isExact: true };
  const wanted = NEW_TASK.exec(request);
  if (wanted === null && !AS_TASK.test(request)) return undefined;
  const rest = wanted?.groups?.["rest"] ?? "";
  const offer = taskOffer(wanted ? rest.replace(TASK_JOINT, "") : request.replace(AS_TASK, ""));
  if (offer === undefined) return { kind: "task_without_text" };
  return { kind: "offers", offers: [offer], isExact: PLAIN_JOINT.test(rest) };
}

function recognizeCommand(request: string): Recognized {
  const asked = COMMAND_FORMS.filter(({ asks }) => asks.test(request));
  if (asked.length === 0) return { kind: "nothing" };
  const plain = request.replace(/[\s.!?]+$/u, "");
  return {
    kind: "offers",
    offers: asked.map(({ offer }) => offer(request)),
    isExact: asked.length === 1 && asked.every(({ exactly }) => exactly?.test(plain)),
  };
}
