import { bareOf, type Redactor } from "./redact.ts";

/** What follows the label of a link: its address, in brackets perhaps, and its title; or the name of a definition. */
const PARENTHESES = String.raw`\((?:[^\s()\\]|\\\S|\([^\s()]{0,256}\)){0,512}\)`;
const ADDRESS = String.raw`(?:<[^<>\n]{0,2048}>|(?:[^\s()\\]|\\\S|${PARENTHESES}){0,2048})`;
const TITLE = String.raw`(?:"(?:[^"\\]|\\[^]){0,1024}"|'(?:[^'\\]|\\[^]){0,1024}'|\((?:[^()\\]|\\[^]){0,1024}\))`;
const NAME = String.raw`\[(?:[^[\]\\]|\\[^]){0,999}\]`;
const LINK_END = String.raw`\]\(\s{0,64}${ADDRESS}(?:\s{1,64}${TITLE})?\s{0,64}\)|\]${NAME}`;
const SIGNS = String.raw`!?\[(?!redacted\])|${LINK_END}|(?<!\[redacted)\]|[*${"`"}~\\]`;

/** What disappears when Markdown is shown. Within a word `_` is no markup, at its edge it may be: secrets hold it too. */
const READINGS = [
  new RegExp(SIGNS, "g"),
  new RegExp(String.raw`${SIGNS}|(?<![^\W_])_{1,64}|_{1,64}(?![^\W_])`, "g"),
];

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,24}));/gi;

/** Of which the end is still to come. */
const OPEN_LINK = /\]\([^()\n]{0,2048}$/;
const OPEN_ENTITY = /&#?\w{0,24}$/;

/** The names that HTML has for signs of ASCII, of which secrets are made, and for what nobody sees between them. */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "!": "excl",
    '"': "quot QUOT",
    "#": "num",
    $: "dollar",
    "%": "percnt",
    "&": "amp AMP",
    "'": "apos",
    "(": "lpar",
    ")": "rpar",
    "*": "ast midast",
    "+": "plus",
    ",": "comma",
    ".": "period",
    "/": "sol",
    ":": "colon",
    ";": "semi",
    "<": "lt LT",
    "=": "equals",
    ">": "gt GT",
    "?": "quest",
    "@": "commat",
    "[": "lsqb lbrack",
    "\\": "bsol",
    "]": "rsqb rbrack",
    "^": "Hat",
    _: "lowbar UnderBar",
    "`": "grave DiacriticalGrave",
    "{": "lcub lbrace",
    "|": "vert verbar VerticalLine",
    "}": "rcub rbrace",
    fj: "fjlig",
    "\u00ad": "shy",
    "\u200b":
      "ZeroWidthSpace NegativeVeryThinSpace NegativeThinSpace NegativeMediumSpace NegativeThickSpace",
    "\u200c": "zwnj",
    "\u200d": "zwj",
    "\u200e": "lrm",
    "\u200f": "rlm",
    "\u2060": "NoBreak",
    "\u2061": "ApplyFunction af",
    "\u2062": "InvisibleTimes it",
    "\u2063": "InvisibleComma ic",
  }).flatMap(([sign, names]) => names.split(" ").map((name) => [name, sign] as const)),
);

/** `markdown` without secrets, also such as only its rendering would show whole (`12**34**`): then it loses its markup. */
export function redactMarkdown(markdown: string, { redact }: Pick<Redactor, "redact">): string {
  let clean = redact(markdown);
  for (const markup of READINGS) {
    const shown = clean.replace(markup, "").replace(ENTITY, decodeEntity);
    const cleanShown = redact(shown);
    if (cleanShown !== shown) clean = cleanShown;
  }
  return clean;
}

/**
 * Markdown that still grows, without the words at its end that a known secret begins with: one that holds blanks is known, and
 * hidden, only when it is whole.
 */
export function withoutOpenSecret(
  markdown: string,
  { openSecretLength }: Pick<Redactor, "openSecretLength">,
): string {
  return READINGS.reduce((left, markup) => {
    const read = (text: string) =>
      text
        .replace(OPEN_LINK, "")
        .replace(markup, "")
        .replace(ENTITY, decodeEntity)
        .replace(OPEN_ENTITY, "");
    const shown = read(left);
    const open = openSecretLength(shown);
    return open === 0 ? left : cutTo(left, bareOf(shown).length - open, read);
  }, markdown);
}

/** Whole words are cut, until no more than so many letters and digits would be shown. */
function cutTo(markdown: string, length: number, read: (text: string) => string): string {
  let left = markdown;
  while (bareOf(read(left)).length > length) left = withoutLastWord(left);
  return left;
}

/** From the end: a pattern would begin anew at every sign of a long word before it. */
function withoutLastWord(text: string): string {
  const isBlank = (at: number): boolean => /\s/u.test(text.charAt(at));
  let end = text.trimEnd().length;
  while (end > 0 && !isBlank(end - 1)) end -= 1;
  return text.slice(0, end).trimEnd();
}

function decodeEntity(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED.get(name) ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
