import { plainText } from "../message/storable-text.ts";

/** What nobody sees, or what turns the reading direction: instructions can hide in it. Tab and line feed stay. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** They join what is seen, as in the emoji of a family, and hide nothing. */
const JOINT = /^(?:\u200d(?=\p{Extended_Pictographic})|\ufe0f)/u;
const BEFORE_JOINT = /(?:\p{Emoji}|\ufe0f)$/u;

/**
 * The same text with what nobody sees in it written out, as JSON does (`\u202e`): of JSON, the same value. For whoever
 * decides by what they read.
 */
export function showUnseen(text: string): string {
  return text.replace(UNSEEN, (unseen, at: number) => {
    const before = text.slice(Math.max(0, at - 2), at);
    if (JOINT.test(text.slice(at, at + 3)) && BEFORE_JOINT.test(before)) return unseen;
    return Array.from({ length: unseen.length }, (_, n) => escapeOf(unseen.charCodeAt(n))).join("");
  });
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** A stranger's text as it may be shown to a model or a person: nothing invisible in it, at most `longest` letters. */
export function cleanText(text: string, longest: number): string {
  const clean = plainText(text.slice(0, 4 * longest))
    .replace(UNSEEN, "")
    .trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest).toWellFormed()}…`;
}
