import { createRedactor, MASK } from "../redact.ts";
import { redactMarkdown } from "../redact-markdown.ts";
import { type Replacement, replaceShown, unveil } from "../veil.ts";
import { findCards } from "./find-cards.ts";
import { findIbans } from "./find-ibans.ts";
import { GUARDED_VALUES, type GuardedValue } from "./guardrail.ts";
import type { Stretch } from "./stretch.ts";

/** Every quantifier is bounded, or can only be entered where a word begins: no input makes them slow. */
const SSN = /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;
/** Also after a line break that stands as `\n` in JSON. */
const PHONE = /(?:(?<![\w+])|(?<=\\[bfnrt]))\+[1-9](?:[ \u00a0().\-/]{0,2}\d){7,14}(?!\d)/g;

const FINDERS: Readonly<
  Record<Exclude<GuardedValue, "secrets">, (text: string) => readonly Stretch[]>
> = {
  cards: findCards,
  ibans: findIbans,
  ssns: (text) => findAll(text, SSN),
  emails: (text) => findAll(text, EMAIL),
  phones: (text) => findAll(text, PHONE),
};

/** It knows no secret, only how they look. */
const { redact: hideSecrets } = createRedactor([]);

export interface Hidden {
  /** The text with a mask where each value was. */
  readonly text: string;
  /** What was found, in the order of `GUARDED_VALUES`. */
  readonly found: readonly GuardedValue[];
}

/**
 * `text` without the values, also where invisible signs or the percent-encoding of a URL part them. Linear in its length;
 * applying it twice changes nothing.
 */
export function hideValues(text: string, values: readonly GuardedValue[]): Hidden {
  const found = new Set<GuardedValue>();
  const hidden = hide(text, values, found);
  return { text: hidden, found: inOrder(found) };
}

/** The same of Markdown: also such values as only its rendering would show whole (`4111 **1111** …`). */
export function hideValuesInMarkdown(markdown: string, values: readonly GuardedValue[]): Hidden {
  const found = new Set<GuardedValue>();
  const text = redactMarkdown(markdown, { redact: (one) => hide(one, values, found) });
  return { text, found: inOrder(found) };
}

function inOrder(found: ReadonlySet<GuardedValue>): readonly GuardedValue[] {
  return GUARDED_VALUES.filter((value) => found.has(value));
}

function hide(text: string, values: readonly GuardedValue[], found: Set<GuardedValue>): string {
  const find = (shown: string) => findValues(shown, values, found);
  let hidden = replaceIn(text, find(text));
  if (unveil(hidden) !== hidden) hidden = replaceShown(hidden, find);
  if (!values.includes("secrets")) return hidden;
  const clean = hideSecrets(hidden);
  if (clean !== hidden) found.add("secrets");
  return clean;
}

function findValues(
  text: string,
  values: readonly GuardedValue[],
  found: Set<GuardedValue>,
): readonly Replacement[] {
  const all = values.flatMap((value) => {
    const stretches = value === "secrets" ? [] : FINDERS[value](text);
    if (stretches.length > 0) found.add(value);
    return stretches;
  });
  return apart(all).map((stretch) => ({ ...stretch, instead: MASK }));
}

/** What overlaps is one. */
function apart(stretches: readonly Stretch[]): readonly Stretch[] {
  const result: Stretch[] = [];
  for (const one of stretches.toSorted((a, b) => a.start - b.start)) {
    const before = result.at(-1);
    if (before === undefined || one.start >= before.end) result.push(one);
    else result[result.length - 1] = { ...before, end: Math.max(before.end, one.end) };
  }
  return result;
}

function replaceIn(text: string, replacements: readonly Replacement[]): string {
  let result = "";
  let done = 0;
  for (const { start, end, instead } of replacements) {
    result += text.slice(done, start) + instead;
    done = end;
  }
  return result + text.slice(done);
}

function findAll(text: string, pattern: RegExp): Stretch[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}
