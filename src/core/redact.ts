import { describeForLog } from "./redact-fields.ts";

/** What stands where a secret was. */
export const MASK = "[redacted]";

/** The one redaction point: every log line, error text and reply goes through it before it leaves the process. */
export interface Redactor {
  /** `text` without any known secret or anything shaped like one. Linear in its length; applying it twice changes nothing. */
  redact(text: string): string;
  /** A plain, bounded copy: errors with their causes spelled out, secrets masked by value, by shape and by the name of their key. */
  redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** For a secret that is only made or read after start, such as the admin token of a first start. */
  addSecret(secret: string): void;
}

/** Shorter values occur by chance in ordinary text; config asks for longer secrets anyway. */
const SHORTEST_SECRET = 6;

/** Where a word begins, also after a line break that stands as `\n` in JSON. */
const WORD_START = String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]))`;

/**
 * Texts that are secrets whoever made them. Every quantifier is bounded, or can only be entered where a word
 * begins, so no input makes them slow. None crosses a quote or takes a backslash that it does not close: JSON
 * stays JSON. The sign is what every text of the shape holds. `$1` keeps what tells a reader which kind of secret it was.
 */
const SHAPES: readonly (readonly [sign: string, pattern: RegExp, replacement: string])[] = [
  [":", /\d{5,15}:[\w-]{30,}/g, MASK], // Telegram bot token
  ["Bearer|Basic", wordLike(String.raw`(Bearer|Basic)\s{1,3}[\w.~+/=-]{8,}`, "gi"), `$1 ${MASK}`],
  ["sk-", wordLike(String.raw`sk-[\w-]{16,}`), MASK],
  ["xox", wordLike(String.raw`xox[a-z]-[\w-]{10,}`), MASK],
  ["gh[pousr]_|github_pat_", wordLike(String.raw`(?:gh[pousr]|github_pat)_\w{20,}`), MASK],
  ["AIza", wordLike(String.raw`AIza[\w-]{30,}`), MASK],
  ["AKIA", wordLike("AKIA[0-9A-Z]{16}"), MASK],
  ["eyJ", wordLike(String.raw`eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}`), MASK], // JSON web token
  [
    "-----BEGIN",
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\\{1,4}[nr]|[\w+/=\s]){0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    MASK,
  ],
  ["://", /(:\/\/[^\s/:@"'<>\\]{0,256}:)[^\s/?#"'`<>\\]{1,1024}@/g, `$1${MASK}@`], // user:password@host
  [
    "=",
    /([?&#](?:[\w-]{0,32}(?:token|secret|password|key)|code|login)=)[^\s&#"'`<>[\\]{6,}/gi,
    `$1${MASK}`,
  ],
];

/** Most texts hold none of the signs, and so none of the shapes. */
const ANY_SIGN = new RegExp(SHAPES.map(([sign]) => sign).join("|"), "i");

function wordLike(pattern: string, flags = "g"): RegExp {
  return new RegExp(WORD_START + pattern, flags);
}

/** Builds the redactor of this process from every secret it holds: tokens, keys, passwords of URLs. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const values = new Set(secrets.flatMap(spellings));
  let known = anyOf(values);
  const redact = (text: string): string => {
    let result = known === undefined ? text : text.replace(known, MASK);
    if (!ANY_SIGN.test(result)) return result;
    for (const [, pattern, replacement] of SHAPES) result = result.replace(pattern, replacement);
    return result;
  };
  return {
    redact,
    redactFields: (fields) => describeForLog(fields, redact, MASK),
    addSecret(secret) {
      for (const spelling of spellings(secret)) values.add(spelling);
      known = anyOf(values);
    },
  };
}

/** A secret as it is, as it stands in a URL and as it stands in JSON; of a bot token also the half that is secret. */
function spellings(secret: string): string[] {
  return [secret, secret.replace(/^\d+:/, "")].flatMap((text) =>
    text.length < SHORTEST_SECRET
      ? []
      : [text, encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1)],
  );
}

/** One pattern for all; the longest first, or a secret that begins another would leave that one's tail. */
function anyOf(texts: ReadonlySet<string>): RegExp | undefined {
  const sorted = [...texts].sort((a, b) => b.length - a.length);
  return sorted.length === 0 ? undefined : new RegExp(sorted.map(escapePattern).join("|"), "g");
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
