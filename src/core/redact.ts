import { describeForLog } from "./redact-fields.ts";
import { replaceUnveiled, unveil } from "./veil.ts";

/** What stands where a secret was. */
export const MASK = "[redacted]";

/** The one redaction point: every log line, error text and reply goes through it before it leaves the process. */
export interface Redactor {
  /**
   * `text` without any known secret or anything shaped like one, also where invisible signs or the percent-encoding of a
   * URL part it. Linear in its length; applying it twice changes nothing.
   */
  redact(text: string): string;
  /** `text` without any known secret, whatever else in it has the shape of one: what people write is theirs. */
  hideKnown(text: string): string;
  /** Whether `redact` must look closer at `text`. When not, it changes nothing in it, nor in any piece of it. Cheap. */
  suspects(text: string): boolean;
  /** How many letters and digits at the end of `text` may be the beginning of a known secret. A few are none. */
  openSecretLength(text: string): number;
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
 * stays JSON. `$1` keeps what tells a reader which kind of secret it was.
 */
const BOT_TOKEN = [/\d{5,15}:[\w-]{30,}/g, MASK] as const;
const AUTHORIZATION = [
  wordLike(String.raw`(Bearer|Basic)\s{1,3}[\w.~+/=-]{8,}`, "gi"),
  `$1 ${MASK}`,
] as const;
const KEYS = [
  [wordLike(String.raw`sk-[\w-]{16,}`), MASK],
  [wordLike(String.raw`(ark_[0-9a-z]{8})_\w{16,}`), `$1${MASK}`], // our own, with what tells it from others
  [wordLike(String.raw`xox[a-z]-[\w-]{10,}`), MASK],
  [wordLike(String.raw`(?:gh[pousr]|github_pat)_\w{20,}`), MASK],
  [wordLike(String.raw`AIza[\w-]{30,}`), MASK],
  [wordLike("AKIA[0-9A-Z]{16}"), MASK],
  [wordLike(String.raw`eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}`), MASK], // JSON web token
] as const;
const PRIVATE_KEY = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\\{1,4}[nr]|[\w+/=\s]){0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  MASK,
] as const;
const URL_PASSWORD = [
  /(:\/\/[^\s/:@"'<>\\]{0,256}:)[^\s/?#"'`<>\\]{1,1024}@/g, // user:password@host
  `$1${MASK}@`,
] as const;
const URL_PARAMETER = [
  /([?&#](?:[\w-]{0,32}(?:token|secret|password|key)|code|login)=)[^\s&#"'`<>[\\]{6,}/gi,
  `$1${MASK}`,
] as const;

/** Whether a text can hold shapes of a kind at all. Most can hold none, so these tests are nearly all the work. */
const SHAPES: readonly (readonly [
  mayHold: (text: string) => boolean,
  shapes: readonly (readonly [pattern: RegExp, replacement: string])[],
])[] = [
  // A search for one sign that is often missing costs nearly nothing; one pattern for all would cost several times as much.
  [(text) => text.includes(":") && /\d:[\w-]{30}/.test(text), [BOT_TOKEN]],
  [(text) => /bearer\s|basic\s/i.test(text), [AUTHORIZATION]],
  [(text) => /sk-|ark_|xox|gh[pousr]_|github_pat_|AIza|AKIA|eyJ/.test(text), KEYS],
  [(text) => text.includes("-----BEGIN"), [PRIVATE_KEY]],
  [(text) => text.includes("://") && text.includes("@"), [URL_PASSWORD]],
  [
    (text) => text.includes("=") && /=(?<=(?:token|secret|password|key|code|login)=)/i.test(text),
    [URL_PARAMETER],
  ],
];

function wordLike(pattern: string, flags = "g"): RegExp {
  return new RegExp(WORD_START + pattern, flags);
}

/** How a text is searched, and changed where something is found. */
interface Reading {
  read(text: string): string;
  replace(text: string, pattern: RegExp, replacement: string): string;
}

const AS_IT_IS: Reading = {
  read: (text) => text,
  replace: (text, pattern, replacement) => text.replace(pattern, replacement),
};
const UNVEILED: Reading = { read: unveil, replace: replaceUnveiled };

/** Builds the redactor of this process from every secret it holds: tokens, keys, passwords of URLs. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const held = new Set(secrets);
  let known = patternsOf(held);
  let bare = [...held].map(bareOf);

  function suspectsUnveiled(text: string): boolean {
    const shown = unveil(text);
    return shown !== text && mayHoldAny(shown, known);
  }

  function redact(text: string): string {
    const clean = mayHoldAny(text, known) ? mask(text, known, AS_IT_IS) : text;
    return suspectsUnveiled(clean) ? mask(clean, known, UNVEILED) : clean;
  }

  return {
    redact,
    hideKnown(text) {
      return known.reduce((result, one) => {
        const pattern = new RegExp(one, "g");
        return replaceUnveiled(result.replace(pattern, MASK), pattern, MASK);
      }, text);
    },
    suspects: (text) => mayHoldAny(text, known) || suspectsUnveiled(text),
    openSecretLength(text) {
      const shown = bareOf(text);
      const longest = Math.max(0, ...bare.map((secret) => overlapOf(shown, secret)));
      return longest < SHORTEST_SECRET ? 0 : longest;
    },
    redactFields: (fields) => describeForLog(fields, redact, MASK),
    addSecret(secret) {
      held.add(secret);
      known = patternsOf(held);
      bare = [...held].map(bareOf);
    },
  };
}

/** Its letters and digits, as a reader takes it. */
export function bareOf(text: string): string {
  return unveil(text).replace(/[^\p{L}\p{N}]/gu, "");
}

/** How much of the end of `text` is a beginning of `secret`. */
function overlapOf(text: string, secret: string): number {
  let length = Math.min(text.length, secret.length);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}

function mayHoldAny(text: string, known: readonly RegExp[]): boolean {
  return known.some((one) => one.test(text)) || SHAPES.some(([mayHold]) => mayHold(text));
}

function mask(text: string, known: readonly RegExp[], { read, replace }: Reading): string {
  let result = text;
  for (const one of known) result = replace(result, new RegExp(one, "g"), MASK);
  for (const [mayHold, shapes] of SHAPES) {
    if (!mayHold(read(result))) continue;
    for (const [pattern, replacement] of shapes) result = replace(result, pattern, replacement);
  }
  return result;
}

/**
 * A secret as it is, as it stands in a URL and as it stands in JSON; of a bot token also the half that is secret. And
 * unveiled, if it holds itself what looks like a veil.
 */
function spellings(secret: string): string[] {
  const half = secret.replace(/^\d+:/, "");
  return [secret, half, unveil(secret), unveil(half)].flatMap((text) =>
    text.length < SHORTEST_SECRET
      ? []
      : [text, encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1)],
  );
}

/** Longer patterns are refused when they are first used; nearly always one is enough. */
const LONGEST_PATTERN = 2_000;

/** Longest first, or a secret that begins another would leave that one's tail. */
function patternsOf(secrets: ReadonlySet<string>): readonly RegExp[] {
  const texts = new Set([...secrets].flatMap(spellings).flatMap(inPieces));
  const groups: string[][] = [];
  let room = 0;
  for (const text of [...texts].sort((a, b) => b.length - a.length)) {
    room -= text.length;
    if (room < 0) {
      groups.push([]);
      room = LONGEST_PATTERN - text.length;
    }
    groups.at(-1)?.push(escapePattern(text));
  }
  return groups.map((group) => new RegExp(group.join("|")));
}

/** A very long secret is hidden piece by piece, all of a length, so that none is short enough to occur by chance. */
function inPieces(text: string): string[] {
  const count = Math.ceil(text.length / LONGEST_PATTERN);
  const length = Math.ceil(text.length / count);
  return Array.from({ length: count }, (_, n) => text.slice(n * length, (n + 1) * length));
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
