import type { DraftSink } from "../agent/ports.ts";
import type { Clock } from "../core/clock.ts";
import type { Draft } from "../http-api/ports.ts";

const MIN_INTERVAL_MS = 100;

export interface DraftHub extends DraftSink {
  /** Contract: `listener` must not throw. Returns the unsubscribe. */
  subscribe(listener: (draft: Draft) => void): () => void;
}

/** Passes growing answers on to whoever looks, a run at most ten times a second. Keeps nothing but the last instant a run spoke. */
export function createDraftHub(clock: Clock): DraftHub {
  const listeners = new Set<(draft: Draft) => void>();
  let spoken = new Map<string, number>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    update(draft) {
      if (listeners.size === 0) return;
      const now = clock.monotonicMs();
      if (now - (spoken.get(draft.runId) ?? Number.NEGATIVE_INFINITY) < MIN_INTERVAL_MS) return;
      if (spoken.size > 1_000) spoken = new Map();
      spoken.set(draft.runId, now);
      for (const listener of listeners) listener(draft);
    },
  };
}
