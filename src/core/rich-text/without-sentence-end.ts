/** Marks at the end of an address that belong to the sentence around it. */
const AFTER_ADDRESS = /[?!.,:;*_~'"`|\\\p{Pf}]/u;
const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** `address`, found in a text, without what ends the sentence: marks, and brackets that were opened before it. */
export function withoutSentenceEnd(address: string): string {
  const counts = new Map<string, number>();
  const count = (sign: string) => counts.get(sign) ?? 0;
  for (const sign of address) counts.set(sign, count(sign) + 1);
  let end = address.length;
  for (; end > 0; end -= 1) {
    const sign = address.charAt(end - 1);
    const opening = OPENING[sign];
    const isEnd = opening === undefined ? AFTER_ADDRESS.test(sign) : count(sign) > count(opening);
    if (!isEnd) break;
    counts.set(sign, count(sign) - 1);
  }
  return address.slice(0, end);
}
