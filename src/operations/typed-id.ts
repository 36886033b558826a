import { AppError } from "../core/errors.ts";
import type { IdPrefix } from "../core/ids.ts";
import { shorten } from "../core/shorten.ts";

const SHORTEST_TAIL = 6;
/** Longer than any id of ours. */
const LONGEST_TAIL = 60;
/** How much of what was typed an error repeats. */
const LONGEST_SHOWN = 40;

/** What an id names. */
export interface Noun {
  readonly prefix: IdPrefix;
  readonly name: string;
}

/** An id without what people copy along with it: spaces, quotes, backticks, a hash, a full stop. */
export function cleanId(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z_]/gu, "");
}

/** The part of a typed id that is looked for. @throws AppError `invalid_input` (too short), `not_found` (no id of ours). */
export function tailOf(typed: string, noun: Noun): string {
  const tail = typed.startsWith(`${noun.prefix}_`) ? typed.slice(noun.prefix.length + 1) : typed;
  if (tail.length < SHORTEST_TAIL) {
    throw new AppError(
      "invalid_input",
      `The ${noun.name} id is too short. Type it, or at least its last ${SHORTEST_TAIL} characters.`,
    );
  }
  // An underscore only stands between prefix and characters: another one belongs to the id of something else.
  if (tail.includes("_") || tail.length > LONGEST_TAIL) throw notFound(noun, typed);
  return tail;
}

/** @throws AppError `not_found` when there is none, `invalid_input` when there are several. */
export function onlyId(ids: readonly { id: string }[], noun: Noun, typed: string): string {
  const [first, second] = ids;
  if (first === undefined) throw notFound(noun, typed);
  if (second !== undefined) {
    throw new AppError(
      "invalid_input",
      `Several end in ${shorten(typed, LONGEST_SHOWN)}. Type more of the ${noun.name}'s id.`,
    );
  }
  return first.id;
}

export function notFound(noun: Noun, typed: string): AppError {
  // What is longer is no id of ours, and may be a secret: no half of it is repeated.
  const text =
    typed.length > LONGEST_SHOWN
      ? `That is no id of a ${noun.name}: it is too long.`
      : `I know no ${noun.name} ${typed}.`;
  return new AppError("not_found", text);
}
