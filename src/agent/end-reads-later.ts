import type { Clock } from "../core/clock.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import { commitStep } from "./commit-step.ts";
import type { JournalStep } from "./journal.ts";
import type { Work } from "./work-scene.ts";

/** How a read began and ended. */
type ReadEnd = EffectOf<"begin-call"> | EffectOf<"end-step">;

/** Work whose reads are written down with what it commits next. */
export interface WorkOnReads extends Work {
  /** The journal shows these reads as ended; with the process they are lost, and then they are done again. */
  readonly endLater: (ends: readonly ReadEnd[]) => void;
  /** Commits what nothing else has taken along. */
  readonly writeEnds: () => Promise<void>;
}

/**
 * Saves a commit for every round that only reads: its ends go into the one that opens the next call of a model. A request
 * is told what the store will tell the next one, so without secrets.
 */
export function endReadsLater(
  { clock, redact }: { readonly clock: Clock; readonly redact: (text: string) => string },
  work: Work,
): WorkOnReads {
  let unwritten: readonly ReadEnd[] = [];
  return {
    ...work,
    readSteps: async () => showEnded(await work.readSteps(), unwritten),
    async commit(step) {
      const taken = unwritten;
      const result = await work.commit({ ...step, effects: [...taken, ...step.effects] });
      if (result === "committed") unwritten = unwritten.filter((end) => !taken.includes(end));
      return result;
    },
    endLater(ends) {
      unwritten = [
        ...unwritten,
        ...ends.map((end) =>
          end.type === "end-step" && end.result !== null
            ? { ...end, result: redact(end.result) }
            : end,
        ),
      ];
    },
    async writeEnds() {
      await commitStep(work, clock, "end-tool-call", async () => ({
        effects: unwritten,
        seen: (await work.readFacts()).seen,
      }));
      unwritten = [];
    },
  };
}

function showEnded(
  steps: readonly JournalStep[],
  ends: readonly ReadEnd[],
): readonly JournalStep[] {
  if (ends.length === 0) return steps;
  const ended = new Map(
    ends.flatMap((end) => (end.type === "end-step" ? [[end.id, end] as const] : [])),
  );
  return steps.map((step) => {
    const end = ended.get(step.id);
    return end === undefined ? step : { ...step, state: end.state, result: end.result };
  });
}
