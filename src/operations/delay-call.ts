import { cardOfApproval, withoutWait } from "../core/approval/approval-card.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { approvalById } from "../store/queries/approvals.ts";
import { approvalJob } from "./approval-job.ts";
import type { OperationDeps } from "./operation.ts";
import { resumeRun } from "./resume-run.ts";
import { reviseCards } from "./revise-cards.ts";

/** Has a call that is being approved wait, so that it can be taken back. Its run stays parked meanwhile. */
export function delayCall(id: string, untilMs: EpochMs): readonly Effect[] {
  const delay: Effect = {
    type: "move-execution",
    id,
    from: ["not_executed"],
    to: "delayed",
  };
  return [delay, approvalJob("end-delay", id, untilMs)];
}

/** What people sent while nobody listened has been heard by then. */
const HEARD_WITHIN_MS = 15_000;

export interface EndedDelay extends Decision {
  /** When to end it; `undefined`: it is over. */
  readonly nextLookAtMs?: EpochMs;
}

/**
 * The time in which a call could be taken back is over: the work goes on with it. Changes nothing when it was. It is not
 * over before a Cancel has been heard that may have been sent while nobody listened; `listenedMs`: how long we do.
 */
export async function endDelay(
  deps: OperationDeps,
  { approvalId: id, listenedMs }: { readonly approvalId: string; readonly listenedMs: number },
): Promise<EndedDelay> {
  const approval = await deps.store.first(approvalById, { id });
  if (approval?.execution !== "delayed") return { effects: [], seen: [] };
  const restMs = Math.ceil(Math.min(HEARD_WITHIN_MS, approval.undo_ms) - listenedMs);
  if (restMs > 0) return { effects: [], seen: [], nextLookAtMs: deps.now + restMs };
  const resumed = await resumeRun(deps, approval);
  return {
    effects: [
      { type: "move-execution", id, from: ["delayed"], to: "not_executed" },
      ...resumed.effects,
      ...(await reviseCards(deps, cardOfApproval(id), withoutWait)),
    ],
    seen: [...resumed.seen, { table: "approvals", id, version: approval.version }],
  };
}
