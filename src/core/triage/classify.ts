import type { RouteClass } from "../task/task.ts";
import { normalizeText } from "./normalize-text.ts";
import { anyOf, startsWithAnyOf } from "./words.ts";

export interface Classified {
  readonly routeClass: RouteClass;
  /** Which rule said so, in a few words that nobody else wrote. */
  readonly because: string;
}

const SHORTEST = 4;
const FEWEST_WORDS = 4;

const SMALL_TALK = /^(?:ok+|k+|thanks|thx|lol+|lmao+|gm|gn|hi+|yo+)[\s.!]*$/u;
/** They say the opposite of the word in them. */
const HARMLESS = new RegExp(
  anyOf("(?:no|not an?|without) (?:problems?|issues?|errors?|bugs?)", "can'?t wait").source,
  "gu",
);

const MODERATION = anyOf(
  "spam(?:s|m\\p{L}*)?",
  "scam(?:s|m\\p{L}*)?",
  "abus(?:e[ds]?|ers?|ive|ing)",
  "harass\\p{L}*",
  "report(?:s|ed|ing)? (?:this |that |the |an? )?user",
  "ban(?:s|ned|ning)?",
  "mut(?:e[ds]?|ing)",
  "phish(?:ing|ed|ers?)?",
  "nsfw",
  "offensive",
);
const ISSUE = anyOf(
  "bugs?",
  "buggy",
  "errors?",
  "broken",
  "fail(?:s|ed|ing|ures?)",
  "cannot",
  "can'?t",
  "(?:do|does|did|will|would|is|are)(?:n'?t| not) work(?:ing)?",
  "won'?t work",
  "not working",
  "issues?",
  "problems?",
  "outages?",
  "stuck",
  "exceptions?",
);
const TASK_START = startsWithAnyOf("please", "need you to", "help me", "todo", "create a task");
const TASK = anyOf(
  "follow(?: |-)?up",
  "action items?",
  "assign this",
  "schedule this",
  "(?:please )?investigate this",
  "please investigate",
  "set (?:a )?reminder",
  "track this",
);
const QUESTION_MARK = /[?؟]/u;
const QUESTION_START = startsWithAnyOf("how", "what", "when", "where", "why", "can", "could");

/**
 * What a message in a group is about, by fixed English keywords; the first rule that fits decides. Whole words only, so
 * that "canteen" asks nothing and "urban" bans nobody.
 */
export function classify(text: string): Classified {
  const whole = normalizeText(text);
  if (Array.from(whole.slice(0, SHORTEST * 2)).length < SHORTEST) return noise("too short");
  if (SMALL_TALK.test(whole)) return noise("small talk");
  const said = whole.replace(HARMLESS, " ").trim();
  const moderation = MODERATION.exec(said);
  if (moderation !== null) return { routeClass: "moderation", because: saying(moderation[0]) };
  const issue = ISSUE.exec(said);
  if (issue !== null) return { routeClass: "issue", because: saying(issue[0]) };
  if (TASK_START.test(said) && said.split(" ").length >= FEWEST_WORDS) {
    return { routeClass: "task", because: "it asks for something" };
  }
  const task = TASK.exec(said);
  if (task !== null) return { routeClass: "task", because: saying(task[0]) };
  if (QUESTION_MARK.test(said) || QUESTION_START.test(said)) {
    return { routeClass: "question", because: "it is a question" };
  }
  return noise("nothing to act on");
}

function noise(because: string): Classified {
  return { routeClass: "noise", because };
}

/** The word found is one of ours: it can carry nothing else of what was written. */
function saying(word: string): string {
  return `it says “${word}”`;
}
