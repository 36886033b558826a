type Begin = (signal: AbortSignal) => void;

/** What goes on beside the polling, as long as that goes on. */
export interface Beside {
  /**
   * Begins at once, or when the bot is known: work taken over from a former process begins before that. Not at all once
   * `work` has aborted.
   */
  begin(work: AbortSignal, begin: Begin): void;
  /** The bot is known; what waits begins, and ends with `lifetime`. */
  open(lifetime: AbortSignal): void;
  close(): void;
}

export function createBeside(): Beside {
  const waiting = new Map<Begin, AbortSignal>();
  let opened: AbortSignal | undefined;

  function start(work: AbortSignal, begin: Begin, lifetime: AbortSignal): void {
    begin(AbortSignal.any([work, lifetime]));
  }

  return {
    begin(work, begin) {
      if (opened !== undefined) return start(work, begin, opened);
      if (work.aborted) return;
      waiting.set(begin, work);
      work.addEventListener("abort", () => waiting.delete(begin), { once: true });
    },
    open(lifetime) {
      opened = lifetime;
      for (const [begin, work] of waiting) start(work, begin, lifetime);
      waiting.clear();
    },
    close() {
      opened = undefined;
    },
  };
}
