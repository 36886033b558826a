interface DiscordLink {
  readonly url: string;
  /** Where in the text its label ends. */
  readonly end: number;
}

/** What a person sees: the text, and where its links lead. */
export interface DiscordText {
  readonly text: string;
  readonly links: readonly DiscordLink[];
}

interface Reading {
  text: string;
  readonly links: DiscordLink[];
  isInQuote: boolean;
}

type Rule = readonly [RegExp, (reading: Reading, match: readonly string[]) => void];

const QUOTE = /^ *> [^\n]*(?:\n *> [^\n]*)*\n?/;
/** What a line must not begin with by chance. */
const LINE_START = /^(?: *(?:[-*+]|\d+\.) |(?:#{1,3}|-#) | *>{1,3} )/;

/** As Discord's clients read a message: the first rule that fits, from each place on. */
const RULES: readonly Rule[] = [
  [/^(?:(?!https?:\/\/|steam:\/\/)[^\n\\<@[\]*_~`|:])+/i, (to, [text = ""]) => say(to, text)],
  [
    /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```/i,
    (to, [, , code = ""]) => say(to, code),
  ],
  [/^\\([^0-9A-Za-z\s])/, (to, [, character = ""]) => say(to, character)],
  [/^<(?:@[!&]?\d|#\d|a?:\w+:\d|t:-?\d|\/[^>]+:\d|id:)[^>]*>/, refuse("a mention")],
  [/^@(?:everyone|here)/i, refuse("a call to everybody")],
  [/^<([^: >]+:\/[^ >]+)>/, (to, [, url = ""]) => say(to, url)],
  [/^(?:https?|steam):\/\/[^\s<]/i, refuse("an address with a preview")],
  [
    /^\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<((?:\([^)]*\)|[^\s\\]|\\.)*?)>\s*\)/,
    (to, [, label = "", url = ""]) => {
      readInto(to, label);
      to.links.push({ url, end: to.text.length });
    },
  ],
  [/^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, (to, [, inner = ""]) => readInto(to, inner)],
  [/^_((?:__|\\[\s\S]|[^\\_])+?)_\b/, (to, [, inner = ""]) => readInto(to, inner)],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (to, [, , code = ""]) => say(to, code)],
  [/^[*_~`|<[\]\\]/, refuse("markup that is none")],
  [/^:[\w+~-]+:/, refuse("an emoji by name")],
  [/^[\s\S]/, (to, [character = ""]) => say(to, character)],
];

/** Reads Discord's markdown by the rules of its clients. @throws Error for everything that only a slip would write. */
export function readDiscordMarkdown(markdown: string): DiscordText {
  const reading: Reading = { text: "", links: [], isInQuote: false };
  readInto(reading, markdown);
  return { text: reading.text, links: reading.links };
}

function readInto(to: Reading, markdown: string): void {
  let rest = markdown;
  let isLineStart = to.text === "" || to.isInQuote;
  while (rest !== "") {
    const quote = isLineStart && !to.isInQuote ? QUOTE.exec(rest)?.[0] : undefined;
    if (quote !== undefined) {
      readQuote(to, quote);
      rest = rest.slice(quote.length);
      isLineStart = quote.endsWith("\n");
      continue;
    }
    if (isLineStart && LINE_START.test(rest)) throw new Error(`a line begins with ${rest}`);
    const length = readOne(to, rest);
    isLineStart = rest[length - 1] === "\n";
    rest = rest.slice(length);
  }
}

function readQuote(to: Reading, quote: string): void {
  to.isInQuote = true;
  readInto(to, quote.replace(/^ *> /gm, ""));
  to.isInQuote = false;
}

function readOne(to: Reading, rest: string): number {
  for (const [pattern, read] of RULES) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    read(to, match);
    return match[0].length;
  }
  throw new Error(`cannot read ${rest}`);
}

function say(to: Reading, text: string): void {
  to.text += text;
}

function refuse(what: string): Rule[1] {
  return (_, [found = ""]) => {
    throw new Error(`${what}: ${found}`);
  };
}
