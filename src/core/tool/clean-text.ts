import { plainText } from "../message/storable-text.ts";

/** What nobody sees, or what turns the reading direction: instructions can hide in it. Tab and line feed stay. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A stranger's text as it may be shown to a model or a person: nothing invisible in it, at most `longest` letters. */
export function cleanText(text: string, longest: number): string {
  const clean = plainText(text.slice(0, 4 * longest))
    .replace(UNSEEN, "")
    .trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest).toWellFormed()}…`;
}
