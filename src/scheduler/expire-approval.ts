import { expiryJob } from "../operations/ask-for-approval.ts";
import { expireApproval } from "../operations/expire-approval.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import type { Reader } from "../store/store.ts";

const AFTER_GIVING_UP_MS = 60 * 60_000;

/** Reminds of an approval at half its time, and ends it at its end. */
export function createExpireApprovalHandler({
  store,
}: {
  readonly store: Reader;
}): JobHandler<"expire-approval"> {
  return {
    kind: "expire-approval",
    async run(context) {
      const { approvalId } = context.job.payload;
      await context.settle(async (now) => {
        const aged = await expireApproval({ store, now }, { approvalId });
        const { effects, seen, nextLookAtMs: untilMs } = aged;
        const settle =
          untilMs === null ? ({ kind: "done" } as const) : ({ kind: "snooze", untilMs } as const);
        return { name: "expire-approval", actor: "system", effects, seen, settle };
      });
    },
    onGiveUp: async (job, _error, now) => ({
      effects: [expiryJob(job.payload.approvalId, now + AFTER_GIVING_UP_MS)],
      seen: [],
    }),
  };
}
