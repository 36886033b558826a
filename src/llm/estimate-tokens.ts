const BYTES_PER_TOKEN = 4;

/** Tokens of a text, roughly: the same for the same text, good enough to reserve by. Bytes count, as few scripts are Latin. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
