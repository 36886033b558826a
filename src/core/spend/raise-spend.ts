import { z } from "zod";
import type { EpochMs } from "../clock.ts";
import type { Effect } from "../effect/effect.ts";
import { newId } from "../ids.ts";
import { laneOf, PRIORITY } from "../job/lanes.ts";
import { forecastSpend, type SpentRounds } from "./forecast.ts";
import { formatUsd } from "./format-usd.ts";
import { kindOfScope, type SpendScope, type SpendScopeKind, spendDay } from "./spend-scope.ts";

/** The tool whose approved call raises a cap. No model is offered it: the runtime asks, when a cap stops work. */
export const RAISE_SPEND = "raise_spend";

/** Dollars are asked for in cents; more than this at once is a mistake of ours, not a need. */
const CENT = 10_000;
const MOST_RAISED = 1_000_000_000_000;

/** What is approved, and digested with the approval: this scope, this day, this much, for this reason. */
export const raiseSpendArguments = z.strictObject({
  scope: z.string().regex(/^(?:day|work|user|key|workspace):[\w:-]+$/),
  day: z.iso.date(),
  by_micro_usd: z.int().min(1).max(MOST_RAISED),
  /** What has to be free for the work to go on. */
  needs_micro_usd: z.int().min(1).max(MOST_RAISED),
  because: z.string().max(1_000),
});
export type RaiseSpendArguments = z.infer<typeof raiseSpendArguments>;

/** Why a call was not made, as `SpendCapReached` says it. */
export interface ReachedCap {
  readonly scope: SpendScope;
  readonly usedMicroUsd: number;
  readonly allowedMicroUsd: number;
  readonly neededMicroUsd: number;
}

export interface RaiseQuestion {
  readonly arguments: RaiseSpendArguments;
  /** What the scope holds now, what it may hold, and by how much it is asked to be raised. */
  readonly usedMicroUsd: number;
  readonly allowedMicroUsd: number;
  readonly raiseMicroUsd: number;
}

/** Makes of a reached cap the question whether more may be spent: as much as the work likely still needs. */
export function askToRaise(
  { scope, usedMicroUsd, allowedMicroUsd, neededMicroUsd }: ReachedCap,
  soFar: Omit<SpentRounds, "neededMicroUsd">,
): RaiseQuestion {
  const forecast = forecastSpend({ ...soFar, neededMicroUsd });
  const missing = usedMicroUsd + forecast.neededMicroUsd - allowedMicroUsd;
  const raiseMicroUsd = Math.min(roundUp(missing), MOST_RAISED);
  const kind = kindOfScope(scope);
  const more = forecast.rounds === 1 ? "one more call" : `about ${forecast.rounds} more calls`;
  const on = kind === "work" ? "" : ` on ${scope.day} (UTC)`;
  const because = `${WHOSE[kind]} ${formatUsd(allowedMicroUsd)}${on} and ${formatUsd(usedMicroUsd)} of it is used. The work likely needs ${more} of the model, for about ${formatUsd(forecast.costMicroUsd)}; what is not needed is not spent.`;
  return {
    arguments: {
      scope: scope.key,
      day: scope.day,
      by_micro_usd: raiseMicroUsd,
      needs_micro_usd: Math.min(forecast.neededMicroUsd, MOST_RAISED),
      because,
    },
    usedMicroUsd,
    allowedMicroUsd,
    raiseMicroUsd,
  };
}

const WHOSE: Readonly<Record<SpendScopeKind, string>> = {
  day: "All work together may spend",
  work: "This work may spend",
  user: "The person it is for may spend",
  key: "The key it is for may spend",
  workspace: "This workspace may spend",
};

/**
 * What an approved raise changes. Nothing when it is for a day that is over: the new day has its caps to itself, and nobody
 * has approved more of those.
 */
export function raiseSpendEffects(
  { scope, day, by_micro_usd: byMicroUsd }: RaiseSpendArguments,
  now: EpochMs,
): readonly Effect[] {
  const isShared = kindOfScope({ key: scope }) !== "work";
  if (isShared && day !== spendDay(now)) return [];
  const raise: Effect = { type: "raise-spend", scope: { key: scope, day }, byMicroUsd };
  if (!isShared) return [raise];
  const release: Effect = {
    type: "enqueue-job",
    job: {
      id: newId("job"),
      kind: "release-at-cap",
      payload: { scope, day },
      lane: laneOf.cap(scope),
      priority: PRIORITY.background,
      runAtMs: now,
    },
  };
  return [raise, release];
}

/** To two digits, a cent at least: nobody is asked for $0.137214. */
function roundUp(microUsd: number): number {
  const amount = Math.max(CENT, microUsd);
  const unit = Math.max(CENT, 10 ** (Math.floor(Math.log10(amount)) - 1));
  return Math.ceil(amount / unit) * unit;
}
