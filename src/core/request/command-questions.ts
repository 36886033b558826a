import { type CommandAnswer, KNOWN_GOALS } from "./known-goals.ts";

const LONGEST_QUESTION = 200;
const TAIL =
  /(?:[\s,]+(?:please|here|now|next|exactly|in (?:this|the) (?:chat|group)))*[\s.!?]*$/iu;

const THE_COMMAND = "(?:the |a |an )?(?:(?:exact|right|correct|next|slash) )*commands?";
const I_RUN = "(?:run|use|send|type|enter|need|give you|have to (?:run|use|send|type))";
/** `what command do I run to …`: each asks for a command and for nothing else. */
const ASKS: readonly RegExp[] = [
  `(?:what|which)(?:'s| is)? ${THE_COMMAND}(?: (?:do|should|must|can|would) (?:i|we) ${I_RUN})? (?:to|for)`,
  `(?:tell|show|give)(?: me)? (?:what|which) ${THE_COMMAND} (?:i|we)(?: (?:should|must|can))? ${I_RUN} (?:to|for)`,
  `(?:tell|show|give)(?: me)? ${THE_COMMAND} (?:to|for)`,
  `is there ${THE_COMMAND} (?:to|for)`,
  "what (?:do|should|must|can) (?:i|we) (?:run|send|type|enter)(?: you)? (?:to|for)",
  "how (?:do|can|should|would) (?:i|we) ask(?: you)? (?:to|for|about)",
  "(?:the )?(?:exact|right|correct) (?:next )?(?:slash )?command (?:to|for)",
  "(?:what is )?(?:the )?next command (?:i|we) should run (?:to|for)",
  "(?:what|which) (?:slash )?command(?= (?:lists|shows|creates|makes|binds|replays|unlinks) )",
].map((form) => new RegExp(`^${form} (?<goal>.+)$`, "iu"));
const HOW = /^how (?:do|can|should) (?:i|we) (?<goal>.+)$/iu;

/** The answer to a message that is nothing but the question for a command that we know. */
export function answerCommandQuestion(request: string): CommandAnswer | undefined {
  const { asked, how } = goalOf(request);
  const plain = request.trim().replace(TAIL, "");
  const known =
    request.length > LONGEST_QUESTION
      ? undefined
      : KNOWN_GOALS.find((one) => one.asked?.test(plain));
  if (known !== undefined) return known;
  if (asked !== undefined) return KNOWN_GOALS.find((known) => known.goal.test(asked));
  return KNOWN_GOALS.find((known) => known.plainGoal?.test(how ?? ""));
}

/** What somebody asks for the command for, or only how it is done. */
export function goalOf(request: string): { readonly asked?: string; readonly how?: string } {
  if (request.length > LONGEST_QUESTION) return {};
  const question = request.replace(/’/gu, "'").replace(/\s+/gu, " ").trim().replace(TAIL, "");
  const asked = ASKS.map((asks) => asks.exec(question)?.groups?.["goal"]).find(Boolean);
  if (asked !== undefined) return { asked };
  const how = HOW.exec(question)?.groups?.["goal"];
  return how === undefined ? {} : { how };
}
