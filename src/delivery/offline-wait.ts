const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * How long to leave alone a channel that cannot be reached: half as long as it has been so, and by `random`
 * (0 to 1) up to a fifth more, so that many chats do not come back at the same moment.
 */
export function offlineWaitMs(sinceMs: number, random: number): number {
  const waitMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs / 2));
  return Math.ceil(waitMs * (1 + 0.2 * random));
}
