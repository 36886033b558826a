import { createRandom } from "./random.ts";
import { type CrashPoint, sideOf } from "./seams.ts";

/** Where a process shall die. Plain data: it goes to the child in its environment. */
export type CrashPlan =
  /** Nowhere. */
  | { readonly kind: "never" }
  /** At this very point. */
  | { readonly kind: "at"; readonly point: CrashPoint }
  /** At the first side of a seam that is not among `except`, with the given odds at each. */
  | {
      readonly kind: "anywhere";
      readonly except: readonly string[];
      readonly odds: number;
      readonly seed: number;
    };

export const CRASH_PLAN_VARIABLE = "CRASH_PLAN";

/** Whether to die at a point that is being passed. */
export function readPlan(plan: CrashPlan): (point: CrashPoint) => boolean {
  switch (plan.kind) {
    case "never":
      return () => false;
    case "at":
      return (point) =>
        sideOf(point) === sideOf(plan.point) && point.occurrence === plan.point.occurrence;
    case "anywhere": {
      const random = createRandom(plan.seed);
      const except = new Set(plan.except);
      return (point) => !except.has(sideOf(point)) && random() < plan.odds;
    }
  }
}
