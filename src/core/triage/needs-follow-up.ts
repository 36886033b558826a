import { normalizeText } from "./normalize-text.ts";
import { anyOf } from "./words.ts";

const LATER = anyOf(
  "follow(?: |-)?up",
  "monitor",
  "track",
  "watch",
  "remind(?:ers?)?",
  "schedule",
  "notify me",
  "later",
  "in \\d{1,4} (?:minutes?|hours?|days?)",
  "tomorrow",
);
const RESEARCH = anyOf(
  "(?:run a |web )?search",
  "look up",
  "lookup",
  "find(?: out)?",
  "check",
  "fetch",
);
const OF_THE_DAY = anyOf("pricing", "prices?", "costs?", "plans?", "latest", "today");
const ADDRESS = /https?:\/\/|[\p{L}\p{N}]\.\p{L}{2,24}(?![\p{L}\p{N}])/u;
const ABOUT_ADDRESS = anyOf("search", "check", "monitor", "track", "look up", "verify", "fetch");

/** Whether a question needs more than an answer out of hand: something to look up, or to come back to. */
export function needsFollowUp(text: string): boolean {
  const said = normalizeText(text);
  return (
    LATER.test(said) ||
    (RESEARCH.test(said) && OF_THE_DAY.test(said)) ||
    (ADDRESS.test(said) && ABOUT_ADDRESS.test(said))
  );
}
