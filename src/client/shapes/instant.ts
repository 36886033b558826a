/**
 * How the API writes an instant: `<name>_unix` in whole seconds, 0 when it is not set, and `<name>_at` as ISO 8601
 * UTC, `null` when it is not set. Store columns end `_at_ms`; this is the only place that converts.
 */
export function unixSeconds(atMs: number | null): number {
  return atMs === null ? 0 : Math.floor(atMs / 1_000);
}
