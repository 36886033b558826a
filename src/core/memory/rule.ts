/** Rules of one conversation at a time, so that together they fit into every request. */
export const MOST_RULES = 30;
/** A longer one is cut. */
export const LONGEST_RULE = 300;

const BETWEEN_SENTENCES = /(?<=[.!?])\s+|\n+/u;
/** How a sentence begins that holds from now on. */
const BEGINS =
  /^(?:(?:please|ok|okay|and|but|also|so),?\s+)*(?:(?:you\s+)?(?:(?:must|should|shall|will)\s+)?(?:always|never)\b|rules?\s*:|remember(?:\s+that\b|\s*:)|(?:don['’]t|do\s+not)\s+ever\b|in\s+(?:the\s+)?future(?:\s*,|\s+(?:please|always|never|do|don['’]t|use|answer|reply|write|speak|call|say|keep|send|add|ask|tell|be)\b)|henceforth\b)/iu;
/** Or holds anywhere in it. */
const HOLDS = /\bfrom\s+(?:now|here|today)\s+on\b|\bfrom\s+this\s+(?:moment|point)\s+on\b/iu;
/** Begins like a rule and is none: `Never mind`, `Always a pleasure`, `Never heard of it`. */
const PHRASE =
  /^(?:always|never)(?:\s*[.,!…]*$|\s+(?:mind|again|an?|the|heard|seen|been|knew|known|thought|had|did|was|were|said|ever)\b)/iu;
const FORGET = /^(?:please\s+)?(?:forget|drop|remove)\s+(?:the\s+|my\s+|all\s+)*rules?\b(.*)$/iu;

/** A person's wish about rules, by fixed forms, so that nobody has to guess whether it was understood. */
export type RuleWish =
  | { readonly kind: "keep"; readonly text: string }
  | { readonly kind: "forget"; readonly numbers: readonly number[] | "all" };

/**
 * What a message states for all that follows: its sentences such as `From now on …`, `Always …`, `Never …`,
 * `Remember that …`, `Rule: …`; or `forget rule 2`. A question states nothing.
 */
export function findRuleWish(text: string): RuleWish | undefined {
  const forgotten = FORGET.exec(text.trim());
  if (forgotten !== null) return forget(text, forgotten[1] ?? "");
  const rule = rulesIn(text.split(BETWEEN_SENTENCES)).map(oneLine).join(" ");
  return rule === "" ? undefined : { kind: "keep", text: cut(rule) };
}

function forget(text: string, rest: string): RuleWish | undefined {
  const numbers = (rest.match(/\d{1,6}/gu) ?? []).map(Number);
  if (numbers.length > 0) return { kind: "forget", numbers };
  return /\ball\b/iu.test(text) && /^[\s.!]*$/u.test(rest)
    ? { kind: "forget", numbers: "all" }
    : undefined;
}

/** A list that a rule begins belongs to it. */
function rulesIn(sentences: readonly string[]): readonly string[] {
  let isInList = false;
  return sentences.filter((sentence) => {
    const begins = isRule(sentence);
    isInList = begins ? sentence.trimEnd().endsWith(":") : isInList && isListItem(sentence);
    return begins || isInList;
  });
}

function isRule(sentence: string): boolean {
  const line = sentence.trim();
  return !line.endsWith("?") && !PHRASE.test(line) && (BEGINS.test(line) || HOLDS.test(line));
}

function isListItem(sentence: string): boolean {
  return /^\s*(?:[-*•]|\d+[.)])/u.test(sentence);
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

function cut(text: string): string {
  return text.length <= LONGEST_RULE ? text : `${text.slice(0, LONGEST_RULE - 1).trimEnd()}…`;
}
