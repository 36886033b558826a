import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import type { OperationDeps } from "./operation.ts";
import { counterFullUntil } from "./take-from-counter.ts";

const WINDOW_MS = 10 * 60_000;
/** Enough for typing errors; whoever guesses one of a trillion codes gets nowhere. */
const MOST_WRONG_CODES = 5;

export interface GuessLimit {
  /** Set when no more wrong codes are taken from them: then right ones are not taken either. */
  readonly error: AppError | undefined;
  /** Counts a wrong code. */
  readonly count: Effect;
}

/** Whether `who` may try another code: five wrong ones close the door until ten minutes after the first of them. */
export async function limitGuesses(deps: OperationDeps, who: string): Promise<GuessLimit> {
  const counter = { key: `pairing-guess:${who}`, windowMs: WINDOW_MS, limit: MOST_WRONG_CODES };
  const fullUntilMs = await counterFullUntil(deps, counter);
  return {
    error: fullUntilMs === undefined ? undefined : tooMany(fullUntilMs - deps.now),
    count: { type: "count", ...counter },
  };
}

function tooMany(waitMs: number): AppError {
  const minutes = Math.ceil(waitMs / 60_000);
  const inWords = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return new AppError("rate_limited", `Too many wrong pairing codes. Try again in ${inWords}.`);
}
