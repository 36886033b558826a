/** Somebody's words in quotation marks on one line, so that nobody's words can pass for another's. */
export function quoteOnOneLine(text: string): string {
  return JSON.stringify(text.replace(/[\u2028\u2029]/gu, "\n"));
}
