import { shorten } from "../shorten.ts";

/** Where words came from that have no authority. */
export type TaintSource =
  /** Somebody whom nobody let in. */
  | { readonly kind: "stranger"; readonly name: string | null; readonly place: string }
  /** A paired person shows what somebody else wrote. */
  | { readonly kind: "passed-on"; readonly by: string | null }
  /** A paired person replies to what somebody else wrote. */
  | { readonly kind: "quoted"; readonly of: string | null; readonly by: string | null }
  /** `what`: a document, a photo. */
  | { readonly kind: "file"; readonly name: string | null; readonly what: string }
  /** Our own earlier words, of a run of which nobody knows any more what it had read. */
  | { readonly kind: "own-words" };

/** More would tell nobody anything. */
const MOST_TAINTS = 20;
const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 120;
const LONGEST_HOST = 80;
const LONGEST_LINE = 200;
/** Controls, invisible marks, marks that turn the reading direction, and what has no meaning of its own. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One line for whoever decides what may come of those words. Names in it are bounded, and cannot end it or its quotes. */
export function describeTaint(source: TaintSource): string {
  switch (source.kind) {
    case "stranger": {
      const where = quote(source.place);
      const who = quote(source.name) ?? "somebody without a name";
      return `a message by ${who} (not paired)${where === undefined ? "" : ` in ${where}`}`;
    }
    case "passed-on":
      return `words that ${quote(source.by) ?? "somebody"} passed on`;
    case "quoted":
      return `words of ${quote(source.of) ?? "somebody"} that ${quote(source.by) ?? "somebody"} replied to`;
    case "file":
      return `the file ${quote(source.name) ?? `without a name (${source.what})`}`;
    case "own-words":
      return "an earlier answer that others' words went into";
  }
}

/** What a run has read by now, each in a short line; the same array when there is nothing new. */
export function addTaints(known: readonly string[], more: readonly string[]): readonly string[] {
  const all = [...new Set([...known, ...more.map(boundTaint)])].slice(0, MOST_TAINTS);
  return all.length === known.length ? known : all;
}

/** A line as it is recorded: of an address, which its server may have chosen, only where it leads. */
export function boundTaint(line: string): string {
  return shorten(line.replace(/https?:\/\/[^\s“”]+/giu, boundAddress), LONGEST_LINE);
}

/** Whose it is stands at the end of a host. Cut between names alone: half of one may be half of a secret. */
function boundAddress(text: string): string {
  const isPlain = text.length <= LONGEST_ADDRESS && !/[?#@]/u.test(text);
  if (isPlain || !URL.canParse(text)) return shorten(text, LONGEST_ADDRESS);
  const { protocol, host, pathname, search } = new URL(text);
  const isLong = host.length > LONGEST_HOST;
  const shown = isLong ? `…${host.slice(-LONGEST_HOST).replace(/^[^.]*/u, "")}` : host;
  const path = `${pathname}${search === "" ? "" : "?…"}`;
  const whole = `${protocol}//${shown}${path}`;
  if (whole.length <= LONGEST_ADDRESS) return whole;
  const kept = whole.slice(0, LONGEST_ADDRESS);
  return `${kept.slice(0, kept.lastIndexOf("/") + 1)}…`;
}

function quote(name: string | null): string | undefined {
  const line = (name ?? "").replace(/\s+/gu, " ").replace(UNSEEN, "").replace(/[“”"]/gu, "'");
  const short = shorten(line, LONGEST_NAME);
  return short === "" ? undefined : `“${short}”`;
}
