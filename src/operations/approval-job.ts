import type { EpochMs } from "../core/clock.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";

/** What time does to an approval, and how much it may be held up. */
const PRIORITY_OF = {
  "expire-approval": PRIORITY.background,
  "end-delay": PRIORITY.turn,
} as const;
export type ApprovalJobKind = keyof typeof PRIORITY_OF;

/** Has time do that at `runAtMs`. What was given up and is done again does not wait for what comes later in its place. */
export function approvalJob(
  kind: ApprovalJobKind,
  approvalId: string,
  runAtMs: EpochMs,
): EffectOf<"enqueue-job"> {
  const id = newId("job");
  const lane = laneOf.approvalTimer(id);
  const priority = PRIORITY_OF[kind];
  return {
    type: "enqueue-job",
    job: { id, kind, payload: { approvalId }, lane, priority, runAtMs },
  };
}
