const CHARACTERS_PER_TOKEN = 4;

/** Tokens of a text, roughly: the same for the same text, good enough to reserve by. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
