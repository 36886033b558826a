import { abortWith, OVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { durationInWords } from "../core/duration-in-words.ts";
import { AppError } from "../core/errors.ts";

/**
 * Runs `work` with a signal that aborts with `unavailable` once `limitMs` have passed without a sign of life, or when
 * `signal` does. A long answer that keeps coming is never cut.
 */
export async function withSilenceLimit<T>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, onSign: () => void) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const limit = new AbortController();
  let lastSignMs = clock.monotonicMs();
  const watching = watch();
  try {
    const onSign = () => {
      lastSignMs = clock.monotonicMs();
    };
    return await abortWith(signal, limit, (limited) => work(limited, onSign));
  } finally {
    done.abort(OVER);
    await watching;
  }

  async function watch(): Promise<void> {
    for (;;) {
      const leftMs = lastSignMs + limitMs - clock.monotonicMs();
      if (leftMs <= 0)
        return limit.abort(
          new AppError("unavailable", `The model was silent for ${durationInWords(limitMs)}.`),
        );
      const isOver = await clock.sleep(leftMs, done.signal).then(
        () => false,
        () => true,
      );
      if (isOver) return;
    }
  }
}
