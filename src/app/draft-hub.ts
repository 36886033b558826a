import type { DraftSink } from "../agent/ports.ts";
import { NEVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import { redactMarkdown } from "../core/redact-markdown.ts";
import type { Draft } from "../http-api/ports.ts";

const MIN_INTERVAL_MS = 100;
/** A last word that is longer may be the beginning of a secret, which nothing knows before it is whole. */
const LONGEST_OPEN_WORD = 5;

export interface DraftHub extends DraftSink {
  /** Contract: `listener` must not throw. Returns the unsubscribe. */
  subscribe(listener: (draft: Draft) => void): () => void;
}

/**
 * Passes growing answers on to whoever looks: a run at once, then its newest text ten times a second. Keeps one text a
 * run that is speaking, and nothing when nobody looks. No secret of this process is in it.
 */
export function createDraftHub(clock: Clock, redactor: Redactor): DraftHub {
  const listeners = new Set<(draft: Draft) => void>();
  /** Runs that spoke within the interval, with what they have said since. */
  const resting = new Map<string, Draft | undefined>();

  function tell(draft: Draft): void {
    const text = redactMarkdown(withoutOpenWord(draft.text), redactor);
    for (const listener of listeners) listener({ ...draft, text });
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

/** Only words of ASCII, of which secrets are made: other scripts go on for lines without a space. */
function withoutOpenWord(text: string): string {
  let end = text.length;
  while (end > 0 && isVisibleAscii(text.charCodeAt(end - 1))) end -= 1;
  return text.length - end > LONGEST_OPEN_WORD ? text.slice(0, end) : text;
}

function isVisibleAscii(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
