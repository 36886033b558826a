import type { Clock } from "./clock.ts";
import { AppError } from "./errors.ts";

/** A signal that never aborts, for callers that truly cannot be stopped. */
export const NEVER: AbortSignal = new AbortController().signal;

/**
 * The reason of an abort that only ends a wait: nobody reads it. Without one, every abort makes an exception with a
 * stack, which costs more than what it ends.
 */
export const OVER: unique symbol = Symbol("over");

/** Runs `work` with a signal that aborts with `unavailable` after `timeoutMs`, or when `signal` does. */
export async function withTimeout<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const limit = new AbortController();
  const timer = clock.sleep(timeoutMs, done.signal).then(
    () => limit.abort(new AppError("unavailable", `no answer within ${timeoutMs} ms`)),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    done.abort(OVER);
    await timer;
  }
}
