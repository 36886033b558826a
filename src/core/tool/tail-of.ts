/** The end of a text that grows. Where it is cut no half of a word stays: it may be that of a secret. */
export function tailOf(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(-longest).replace(/^\S+/u, "");
}
