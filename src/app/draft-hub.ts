import type { DraftSink } from "../agent/ports.ts";
import { NEVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Draft } from "../http-api/ports.ts";

const MIN_INTERVAL_MS = 100;

export interface DraftHub extends DraftSink {
  /** Contract: `listener` must not throw. Returns the unsubscribe. */
  subscribe(listener: (draft: Draft) => void): () => void;
}

/**
 * Passes growing answers on to whoever looks: a run at once, then its newest text ten times a second. Keeps one text a
 * run that is speaking, and nothing when nobody looks.
 */
export function createDraftHub(clock: Clock): DraftHub {
  const listeners = new Set<(draft: Draft) => void>();
  /** Runs that spoke within the interval, with what they have said since. */
  const resting = new Map<string, Draft | undefined>();

  function tell(draft: Draft): void {
    for (const listener of listeners) listener(draft);
    resting.set(draft.runId, undefined);
    void clock.sleep(MIN_INTERVAL_MS, NEVER).then(() => {
      const newest = resting.get(draft.runId);
      resting.delete(draft.runId);
      if (newest !== undefined) tell(newest);
    });
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    update(draft) {
      if (listeners.size === 0) return;
      if (resting.has(draft.runId)) resting.set(draft.runId, draft);
      else tell(draft);
    },
  };
}
