/** `text` as every store and channel can hold it: no NUL, no half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** Whether a reader would see anything: spaces, controls and invisible marks alone are nothing. */
export function hasVisibleText(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}\p{Z}\uFFFD]/u.test(text);
}
