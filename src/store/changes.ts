import { OVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Change } from "../core/effect/change.ts";

const REPAIR_POLL_MS = 1_000;

type Listener = (changes: readonly Change[]) => void;

/** The change feed: who must learn of a commit subscribes here and reads the rows again. */
export interface Changes {
  /** Contract: `listener` must not throw. Returns the unsubscribe. */
  subscribe(listener: Listener): () => void;
  publish(changes: readonly Change[]): void;
  /**
   * Settles with what `read` returns as soon as that is not `undefined`. `read` runs at once, after every change
   * that `isRelevant` accepts, and once a second in case an event was lost. Rejects with `signal.reason`.
   */
  waitFor<T>(
    isRelevant: (change: Change) => boolean,
    read: () => Promise<T | undefined>,
    signal: AbortSignal,
  ): Promise<T>;
}

export function createChanges(clock: Clock): Changes {
  const listeners = new Set<Listener>();

  function subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async function waitFor<T>(
    isRelevant: (change: Change) => boolean,
    read: () => Promise<T | undefined>,
    signal: AbortSignal,
  ): Promise<T> {
    let isDirty = true;
    let wake: (() => void) | undefined;
    const unsubscribe = subscribe((changes) => {
      if (!changes.some(isRelevant)) return;
      isDirty = true;
      wake?.();
    });
    try {
      for (;;) {
        signal.throwIfAborted();
        isDirty = false;
        const value = await read();
        if (value !== undefined) return value;
        if (isDirty) continue;
        const poll = new AbortController();
        wake = () => poll.abort(OVER);
        await clock
          .sleep(REPAIR_POLL_MS, AbortSignal.any([signal, poll.signal]))
          .catch(() => undefined);
        wake = undefined;
      }
    } finally {
      unsubscribe();
    }
  }

  return {
    subscribe,
    waitFor,
    publish(changes) {
      for (const listener of listeners) listener(changes);
    },
  };
}
