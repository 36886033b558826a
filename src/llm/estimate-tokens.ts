const BYTES_PER_TOKEN = 4;

/** Tokens of a text, roughly: the same for the same text, good enough to reserve by. Bytes count, as few scripts are Latin. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

const LEAST_BYTES_PER_TOKEN = 2;

/**
 * Tokens of a text, rather too many than too few: what is put aside must not be less than what the call costs. Scripts
 * other than Latin, and what nobody reads, such as base64, come to twice the tokens of prose and more.
 */
export function mostTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / LEAST_BYTES_PER_TOKEN);
}
