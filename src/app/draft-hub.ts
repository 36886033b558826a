import type { OpenDraft, TurnToShow } from "../agent/ports.ts";
import { NEVER } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { guardDraft } from "../core/guardrail/guard-text.ts";
import type { Guard } from "../core/guardrail/guardrail.ts";
import type { Redactor } from "../core/redact.ts";
import { redactMarkdown, withoutOpenSecret } from "../core/redact-markdown.ts";
import { withoutOpenWord } from "../core/without-open-word.ts";
import type { Draft, DraftFeed } from "../http-api/ports.ts";

const MIN_INTERVAL_MS = 100;

export interface DraftHub extends DraftFeed {
  /** Here a draft ends with its turn: the page puts the answer in its place. */
  open(turn: Pick<TurnToShow, "contextId" | "runId">): Omit<OpenDraft, "settle">;
}

/** An answer that is being written. */
interface Growing {
  newest: Draft;
  /** `newest` as it was when the listeners were told last, without secrets or guarded values; made when it is first asked for. */
  shown: Draft | undefined;
  /** Told within the interval. */
  isResting: boolean;
}

/**
 * Passes growing answers on to whoever looks: a run at once, then its newest text ten times a second. Keeps the text of
 * each turn that is under way, for whoever comes later, and nothing of one that has ended.
 */
export function createDraftHub(clock: Clock, redactor: Redactor, guard: Guard): DraftHub {
  const listeners = new Set<(runId: string) => void>();
  const growing = new Map<string, Growing>();

  function tell(it: Growing): void {
    const { newest } = it;
    it.shown = undefined;
    if (listeners.size === 0) return;
    for (const listener of listeners) listener(newest.runId);
    it.isResting = true;
    void clock.sleep(MIN_INTERVAL_MS, NEVER).then(() => {
      it.isResting = false;
      if (growing.get(newest.runId) === it && it.newest !== newest) tell(it);
    });
  }

  return {
    open({ contextId, runId }) {
      let it: Growing | undefined;
      let hasEnded = false;
      return {
        write(text) {
          if (hasEnded) return;
          it ??= { newest: { contextId, runId, text }, shown: undefined, isResting: false };
          it.newest = { contextId, runId, text };
          growing.set(runId, it);
          if (!it.isResting) tell(it);
        },
        end() {
          hasEnded = true;
          if (growing.get(runId) === it) growing.delete(runId);
        },
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      for (const runId of growing.keys()) listener(runId);
      return () => listeners.delete(listener);
    },
    find(runId) {
      const it = growing.get(runId);
      if (it === undefined) return undefined;
      it.shown ??= hide(it.newest, redactor, guard);
      return it.shown;
    },
  };
}

function hide(draft: Draft, redactor: Redactor, guard: Guard): Draft {
  const text = redactMarkdown(guardDraft(guard, withoutOpenWord(draft.text)), redactor);
  return { ...draft, text: withoutOpenSecret(text, redactor) };
}
