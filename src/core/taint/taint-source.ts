import { shorten } from "../shorten.ts";

/** Where words came from that have no authority. */
export type TaintSource =
  /** Somebody whom nobody let in. */
  | { readonly kind: "stranger"; readonly name: string | null; readonly place: string }
  /** A paired person shows what somebody else wrote. */
  | { readonly kind: "passed-on"; readonly by: string | null }
  /** `what`: a document, a photo. */
  | { readonly kind: "file"; readonly name: string | null; readonly what: string }
  /** Our own earlier words, of a run of which nobody knows any more what it had read. */
  | { readonly kind: "own-words" };

/** More would tell nobody anything. */
const MOST_TAINTS = 20;
const LONGEST_NAME = 60;
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
    case "file":
      return `the file ${quote(source.name) ?? `without a name (${source.what})`}`;
    case "own-words":
      return "an earlier answer that others' words went into";
  }
}

/** What a run has read by now; the same array when there is nothing new. */
export function addTaints(known: readonly string[], more: readonly string[]): readonly string[] {
  const all = [...new Set([...known, ...more])].slice(0, MOST_TAINTS);
  return all.length === known.length ? known : all;
}

function quote(name: string | null): string | undefined {
  const line = (name ?? "").replace(/\s+/gu, " ").replace(UNSEEN, "").replace(/[“”"]/gu, "'");
  const short = shorten(line, LONGEST_NAME);
  return short === "" ? undefined : `“${short}”`;
}
