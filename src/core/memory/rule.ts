/** Rules of one conversation at a time, so that together they fit into every request. */
export const MOST_RULES = 30;
/** A longer one is cut. */
export const LONGEST_RULE = 300;

const BETWEEN_SENTENCES = /((?<=[.!?])\s+|\n+)/u;
/** What somebody quotes is not what they say: quoted lines, blocks of code, and what stands in quotation marks. */
const QUOTED =
  /^[^\S\n]*>.*$|^[^\S\n]*```[\s\S]*?(?:^[^\S\n]*```|$(?![\s\S]))|"[^"]*"|[“„][^“”„]*[“”]|«[^«»]*»/gmu;
/** How a sentence begins that holds from now on. */
const BEGINS =
  /^(?:(?:please|ok|okay|and|but|also|so),?\s+)*(?:(?:you\s+)?(?:(?:must|should|shall|will)\s+)?(?:always|never)\b|rules?\s*:|remember(?:\s+that\b|\s*:)|(?:don['’]t|do\s+not)\s+ever\b|in\s+(?:the\s+)?future(?:\s*,|\s+(?:please|always|never|do|don['’]t|use|answer|reply|write|speak|call|say|keep|send|add|ask|tell|be)\b)|henceforth\b)/iu;
/** Or holds anywhere in it. */
const HOLDS = /\bfrom\s+(?:now|here|today)\s+on\b|\bfrom\s+this\s+(?:moment|point)\s+on\b/iu;
/** Begins like a rule and is none: `Never mind`, `Always a pleasure`, `Never heard of it`. */
const PHRASE =
  /^(?:always|never)(?:\s*[.,!…]*$|\s+(?:mind|again|an?|the|heard|seen|been|knew|known|thought|had|did|was|were|said|ever)\b)/iu;
const FORGET = /^(?:please\s+)?(?:forget|drop|remove)\s+(?:the\s+|my\s+|all\s+)*rules?\b(.*)$/iu;

/** One, or from one to another. */
const NUMBERS = /(\d{1,6})(?:\s*(?:-|–|to|through)\s*(\d{1,6}))?/gu;

/** A person's wish about rules, by fixed forms, so that nobody has to guess whether it was understood. */
export type RuleWish =
  | { readonly kind: "keep"; readonly text: string }
  | { readonly kind: "forget"; readonly numbers: readonly number[] | "all" };

/**
 * What a message states for all that follows: its sentences such as `From now on …`, `Always …`, `Never …`,
 * `Remember that …`, `Rule: …`; or `forget rule 2`. A question states nothing, nor does what is quoted.
 */
export function findRuleWish(text: string): RuleWish | undefined {
  const forgotten = FORGET.exec(text.trim());
  if (forgotten !== null) return forget(text, forgotten[1] ?? "");
  const rule = rulesIn(sentencesOf(text)).map(oneLine).join(" ");
  return rule === "" ? undefined : { kind: "keep", text: cut(rule) };
}

function forget(text: string, rest: string): RuleWish | undefined {
  const numbers = [...rest.matchAll(NUMBERS)].flatMap(([, from, to = from]) =>
    allFrom(Number(from), Number(to)),
  );
  if (numbers.length > 0) return { kind: "forget", numbers };
  return /\ball\b/iu.test(text) && /^[\s.!]*$/u.test(rest)
    ? { kind: "forget", numbers: "all" }
    : undefined;
}

function allFrom(from: number, to: number): readonly number[] {
  const count = Math.min(Math.max(to - from, 0), MOST_RULES);
  return Array.from({ length: count + 1 }, (_, at) => from + at);
}

interface Sentence {
  readonly text: string;
  /** Without what is quoted in it. */
  readonly own: string;
}

function sentencesOf(text: string): readonly Sentence[] {
  const own = text.replace(QUOTED, (quoted) => "_".repeat(quoted.length));
  let at = 0;
  return own.split(BETWEEN_SENTENCES).map((part) => {
    at += part.length;
    return { text: text.slice(at - part.length, at), own: part };
  });
}

/** A list that a rule begins belongs to it. */
function rulesIn(sentences: readonly Sentence[]): readonly string[] {
  let isInList = false;
  return sentences.flatMap(({ text, own }) => {
    if (own.trim() === "") return [];
    const begins = isRule(own);
    isInList = begins ? own.trimEnd().endsWith(":") : isInList && isListItem(own);
    return begins || isInList ? [text] : [];
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
