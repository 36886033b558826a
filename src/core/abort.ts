import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";

/** A signal that never aborts, for callers that truly cannot be stopped. */
export const NEVER: AbortSignal = new AbortController().signal;

/**
 * The reason of an abort that only ends a wait: nobody reads it. Without one, every abort makes an exception with a
 * stack, which costs more than what it ends.
 */
export const OVER: unique symbol = Symbol("over");

/**
 * Runs `work` with the signal of `control`, which aborts with `signal` too until `work` is over. Not `AbortSignal.any`:
 * whoever listens to that and never stops, as libraries do, is kept for ever, with all that they hold.
 */
export async function abortWith<T>(
  signal: AbortSignal,
  control: AbortController,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const follow = () => control.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  try {
    return await work(control.signal);
  } finally {
    signal.removeEventListener("abort", follow);
  }
}

/** Runs `work` with a signal that aborts with `unavailable` after `timeoutMs`, or when `signal` does. */
export async function withTimeout<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  tooLate = new AppError("unavailable", `no answer within ${timeoutMs} ms`),
): Promise<T> {
  const done = new AbortController();
  const limit = new AbortController();
  const timer = clock.sleep(timeoutMs, done.signal).then(
    () => limit.abort(tooLate),
    () => undefined,
  );
  try {
    return await abortWith(signal, limit, work);
  } finally {
    done.abort(OVER);
    await timer;
  }
}
