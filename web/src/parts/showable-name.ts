/** Controls, line breaks, and marks that turn the reading direction or show nothing. Joiners stay: emoji need them. */
const UNSHOWABLE =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/gu;

/** A name that somebody chose, as it can stand in a line without rewriting what is around it. */
export function showableName(name: string): string {
  const line = name.replace(UNSHOWABLE, "").replace(/\s+/gu, " ").trim();
  return /[^\s\p{M}\p{Cf}]/u.test(line) ? line : "(no name)";
}
