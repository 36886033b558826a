import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Settle } from "../core/job/job.ts";
import { type ApprovalJobKind, approvalJob } from "../operations/approval-job.ts";
import { endDelay } from "../operations/delay-call.ts";
import { expireApproval } from "../operations/expire-approval.ts";
import type { OperationDeps } from "../operations/operation.ts";
import type { AnyJobHandler, JobHandler } from "../orchestrator/job-handler.ts";
import type { Reader } from "../store/store.ts";
import { measureListening } from "./measure-listening.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * What time does to approvals: it reminds of them at half their life, ends them at its end, and ends the while in which an
 * approved call could be taken back. Given up it is done later all the same, as nobody else does it.
 */
export function createApprovalTimers({
  store,
  clock,
  deafAfterSleepMs,
}: {
  readonly store: Reader;
  readonly clock: Clock;
  /** After a sleep of the machine no channel needs longer until it hears people again. */
  readonly deafAfterSleepMs: number;
}): readonly AnyJobHandler[] {
  const listenedMs = measureListening(clock, deafAfterSleepMs);
  return [
    createTimer(store, {
      kind: "expire-approval",
      afterGivingUpMs: HOUR_MS,
      act: async (deps, of) => ({ name: "expire-approval", ...(await expireApproval(deps, of)) }),
    }),
    createTimer(store, {
      kind: "end-delay",
      afterGivingUpMs: MINUTE_MS,
      act: async (deps, of) => {
        const ended = await endDelay(deps, { ...of, listenedMs: listenedMs() });
        return { name: "end-delay", ...ended };
      },
    }),
  ];
}

interface Timer<K extends ApprovalJobKind> {
  readonly kind: K;
  readonly afterGivingUpMs: number;
  act(deps: OperationDeps, of: { readonly approvalId: string }): Promise<Acted>;
}

interface Acted extends Decision {
  readonly name: string;
  /** When there is more to do; not when that was all. */
  readonly nextLookAtMs?: number;
}

function createTimer<K extends ApprovalJobKind>(
  store: Reader,
  { kind, act, afterGivingUpMs }: Timer<K>,
): JobHandler<K> {
  return {
    kind,
    async run(context) {
      await context.settle(async (now) => {
        const { nextLookAtMs: untilMs, ...step } = await act({ store, now }, context.job.payload);
        const settle: Settle =
          untilMs === undefined ? { kind: "done" } : { kind: "snooze", untilMs };
        return { ...step, actor: SYSTEM_ACTOR.id, settle };
      });
    },
    onGiveUp: async (job, _error, now) => ({
      effects: [approvalJob(kind, job.payload.approvalId, now + afterGivingUpMs)],
      seen: [],
    }),
  };
}
