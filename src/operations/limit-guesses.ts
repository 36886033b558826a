import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { counterOf } from "../store/queries/counters.ts";
import type { OperationDeps } from "./operation.ts";

const WINDOW_MS = 10 * 60_000;
/** Enough for typing errors; whoever guesses one of a trillion codes gets nowhere. */
const MOST_WRONG_CODES = 5;

export interface GuessLimit {
  /** Set when no more wrong codes are taken from them: then right ones are not taken either. */
  readonly error: AppError | undefined;
  /** Counts a wrong code. */
  readonly count: Effect;
}

/** How many wrong codes `who` may still try in these ten minutes. */
export async function limitGuesses(
  { store, now }: OperationDeps,
  who: string,
): Promise<GuessLimit> {
  const key = `pairing-guess:${who}`;
  const windowStartMs = Math.floor(now / WINDOW_MS) * WINDOW_MS;
  const counter = await store.first(counterOf, { key, windowStartMs });
  const minutes = Math.ceil((windowStartMs + WINDOW_MS - now) / 60_000);
  const inWords = minutes === 1 ? "a minute" : `${minutes} minutes`;
  const isOver = (counter?.count ?? 0) >= MOST_WRONG_CODES;
  return {
    error: isOver
      ? new AppError("rate_limited", `Too many wrong pairing codes. Try again in ${inWords}.`)
      : undefined,
    count: { type: "count", key, windowStartMs, limit: MOST_WRONG_CODES },
  };
}
