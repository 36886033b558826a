const SECOND = 1_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** `42 ms`, `1.3 s`, `2 min 5 s`, `3 h 2 min`: to two digits or more, as people read how long something took. */
export function durationInWords(durationMs: number): string {
  if (durationMs < SECOND) return `${Math.max(0, Math.round(durationMs))} ms`;
  const tenths = Math.round(durationMs / 100) / 10;
  if (tenths < 10) return `${tenths} s`;
  const seconds = Math.round(durationMs / SECOND);
  if (seconds < MINUTE) return `${seconds} s`;
  const minutes = Math.floor(seconds / MINUTE);
  if (seconds < HOUR) return withRest(`${minutes} min`, seconds % MINUTE, "s");
  return withRest(`${Math.floor(minutes / 60)} h`, minutes % 60, "min");
}

function withRest(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}
