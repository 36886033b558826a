import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { endDelay, endDelayJob } from "../operations/delay-call.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import type { Reader } from "../store/store.ts";

const AFTER_GIVING_UP_MS = 60_000;

/** Ends the while in which an approved call could be taken back. */
export function createEndDelayHandler({
  store,
}: {
  readonly store: Reader;
}): JobHandler<"end-delay"> {
  return {
    kind: "end-delay",
    async run(context) {
      await context.settle(async (now) => ({
        ...(await endDelay({ store, now }, context.job.payload)),
        name: "end-delay",
        actor: SYSTEM_ACTOR.id,
        settle: { kind: "done" },
      }));
    },
    onGiveUp: async (job, _error, now) => ({
      effects: [endDelayJob(job.payload.approvalId, now + AFTER_GIVING_UP_MS)],
      seen: [],
    }),
  };
}
