import { z } from "zod";
import { hasVisibleText } from "../../core/message/storable-text.ts";

const MAX_LABEL_LENGTH = 200;

/** Text as it can be stored and sent on: Unicode without lone surrogates or NUL. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

/** What a person wrote: any length the body limit allows, but not blank. */
export const writtenText = z
  .string()
  .refine((text) => text.trim() !== "", "must not be empty")
  .refine(isStorable, "must be Unicode text without NUL characters");

/** One line of at most 200 characters, or nothing. */
export const labelOrNothing = z
  .string()
  .max(MAX_LABEL_LENGTH, `must not be longer than ${MAX_LABEL_LENGTH} characters`)
  .refine(
    (text) => isStorable(text) && !/\p{Cc}/u.test(text),
    "must be text without control characters",
  );

/** A name, an id, a title: one line of at most 200 characters. */
export const label = labelOrNothing.min(1, "must not be empty");

/** What somebody or something is called. */
export const visibleName = label.refine(hasVisibleText, "must have something to see in it");
