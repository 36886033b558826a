import { OVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";

/**
 * What `work` comes to, unless that takes longer than `limitMs`: then it rejects with `unavailable`, and with
 * `signal.reason` as soon as that aborts. `work` itself goes on; nobody hears of its end.
 */
export async function answerWithin<T>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T> {
  const answered = new AbortController();
  const late = clock.sleep(limitMs, AbortSignal.any([signal, answered.signal])).then((): never => {
    throw new AppError("unavailable", `the store did not answer within ${limitMs} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    answered.abort(OVER);
  }
}
