import { z } from "zod";

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

/** A name, an id, a title: one line of at most 200 characters. */
export const label = z
  .string()
  .min(1, "must not be empty")
  .max(MAX_LABEL_LENGTH, `must not be longer than ${MAX_LABEL_LENGTH} characters`)
  .refine(
    (text) => isStorable(text) && !/\p{Cc}/u.test(text),
    "must be text without control characters",
  );
