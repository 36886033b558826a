/** `text` as every store and channel can hold it: no NUL, no half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** Whether a reader would see anything: spaces, controls, invisible marks and blank letters alone are nothing. */
export function hasVisibleText(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\uFFFD]/u.test(text);
}

/** A whole colour or cursor sequence of a terminal, so that no `[31m` is left of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are taken out
const TERMINAL_SEQUENCE = /\u001b\[[0-?]{0,32}[ -/]{0,8}[@-~]/gu;
/** Every control character but tab and line feed. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;

/** `storableText` with nothing in it that a terminal would obey. Line ends become line feeds. */
export function plainText(text: string): string {
  const lines = text.replace(/\r\n?/gu, "\n");
  return storableText(lines.replace(TERMINAL_SEQUENCE, "").replace(CONTROL, ""));
}
