import { AppError } from "../core/errors.ts";

/** Where a list goes on, from what `toPage` gave. @throws AppError `invalid_input` for anything else. */
export function parseCursor(cursor: string | undefined, letter: string): number | undefined {
  if (cursor === undefined) return undefined;
  const digits = /^([a-z])(\d{1,15})$/u.exec(cursor);
  if (digits?.[1] !== letter) {
    throw new AppError("invalid_input", "cursor: use the next_cursor of the page before.");
  }
  return Number(digits[2]);
}

/** A page of `rows`, newest first, of which one more than `limit` was asked for. `letter` tells one list's cursor from another's. */
export function toPage<R extends { readonly seq: number }>(
  rows: readonly R[],
  limit: number,
  letter: string,
): { readonly items: readonly R[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { items, nextCursor: isMore ? `${letter}${last.seq}` : null };
}
