import { fullTime } from "../time/time-words.ts";

const HOUR_MS = 60 * 60_000;

/** The record is kept by the hour: it says no more than that. */
export function lastUsedWords(lastUsedUnix: number, nowMs: number): string {
  if (lastUsedUnix === 0) return "Never used";
  const atMs = lastUsedUnix * 1_000;
  if (nowMs - atMs < 2 * HOUR_MS) return "Used within the last two hours";
  return `Last used about ${fullTime(new Date(atMs).toISOString())}`;
}
