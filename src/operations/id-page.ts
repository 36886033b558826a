import { AppError } from "../core/errors.ts";
import type { IdPrefix } from "../core/ids.ts";

/** The id a page of a list by ids goes on after; the first page has none. @throws AppError `invalid_input`. */
export function parseIdCursor(cursor: string | undefined, prefix: IdPrefix): string {
  const afterId = cursor ?? "";
  if (afterId === "" || new RegExp(`^${prefix}_[0-9a-z]{1,40}$`, "u").test(afterId)) return afterId;
  throw new AppError("invalid_input", "cursor: use the next_cursor of the page before.");
}

/** A page of rows that were asked for with one more than `limit`. */
export function toIdPage<T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
): { readonly items: readonly T[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
