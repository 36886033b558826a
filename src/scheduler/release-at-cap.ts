import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { SpendCaps } from "../core/spend/spend-scope.ts";
import { releaseAtCap } from "../operations/release-at-cap.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import type { Reader } from "../store/store.ts";

/** Lets work go on that waits at a cap, once that was raised for other work. */
export function createReleaseAtCapHandler({
  store,
  caps,
}: {
  readonly store: Reader;
  readonly caps: SpendCaps;
}): JobHandler<"release-at-cap"> {
  return {
    kind: "release-at-cap",
    async run(context) {
      await context.settle(async (now) => {
        const released = await releaseAtCap({ store, now }, caps, context.job.payload);
        const { effects, seen, isMore } = released;
        const settle = isMore ? ({ kind: "snooze", untilMs: now } as const) : DONE;
        return { name: "release-at-cap", actor: SYSTEM_ACTOR.id, effects, seen, settle };
      });
    },
    // What waits there is still asked about.
    onGiveUp: async () => ({ effects: [], seen: [] }),
  };
}

const DONE = { kind: "done" } as const;
