import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { type ApprovalJobKind, approvalJob } from "../operations/approval-job.ts";
import { endDelay } from "../operations/delay-call.ts";
import { expireApproval } from "../operations/expire-approval.ts";
import type { OperationDeps } from "../operations/operation.ts";
import type { AnyJobHandler, JobHandler } from "../orchestrator/job-handler.ts";
import type { Reader } from "../store/store.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * What time does to approvals: it reminds of them at half their life, ends them at its end, and ends the while in which an
 * approved call could be taken back. Given up it is done later all the same, as nobody else does it.
 */
export function createApprovalTimers({
  store,
}: {
  readonly store: Reader;
}): readonly AnyJobHandler[] {
  return [
    createTimer(store, { kind: "expire-approval", act: expireApproval, afterGivingUpMs: HOUR_MS }),
    createTimer(store, { kind: "end-delay", act: endDelay, afterGivingUpMs: MINUTE_MS }),
  ];
}

interface Timer<K extends ApprovalJobKind> {
  readonly kind: K;
  act(
    deps: OperationDeps,
    of: { readonly approvalId: string },
  ): Promise<Decision & { readonly nextLookAtMs?: number }>;
  readonly afterGivingUpMs: number;
}

function createTimer<K extends ApprovalJobKind>(
  store: Reader,
  { kind, act, afterGivingUpMs }: Timer<K>,
): JobHandler<K> {
  return {
    kind,
    async run(context) {
      await context.settle(async (now) => {
        const {
          effects,
          seen,
          nextLookAtMs: untilMs,
        } = await act({ store, now }, context.job.payload);
        const settle =
          untilMs === undefined
            ? ({ kind: "done" } as const)
            : ({ kind: "snooze", untilMs } as const);
        return { name: kind, actor: SYSTEM_ACTOR.id, effects, seen, settle };
      });
    },
    onGiveUp: async (job, _error, now) => ({
      effects: [approvalJob(kind, job.payload.approvalId, now + afterGivingUpMs)],
      seen: [],
    }),
  };
}
