import type { Clock, EpochMs } from "../core/clock.ts";
import type { Commit, Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { Store } from "./store.ts";

const MAX_DECISIONS = 5;

/**
 * Decides on fresh facts and commits, again when a fact changed in between (at most five times).
 * For callers that hold no job: an HTTP route, a connector's `receive`, start-up. Returns what `decide` returned last.
 * @throws AppError `conflict` when the facts never stood still, or `rate_limited` and the like when refused.
 */
export async function commitDecision<D extends Decision>(
  deps: { readonly store: Store; readonly clock: Clock },
  step: Pick<Commit, "name" | "actor" | "cause">,
  decide: (now: EpochMs) => Promise<D>,
): Promise<D> {
  for (let attempt = 1; attempt <= MAX_DECISIONS; attempt += 1) {
    const now = deps.clock.now();
    const decision = await decide(now);
    if (decision.effects.length === 0) return decision;
    const result = await deps.store.commit({
      ...step,
      now,
      seen: decision.seen,
      effects: decision.effects,
    });
    if (result === "committed") return decision;
    if (result !== "conflict") throw refusalError(result.refused);
  }
  throw new AppError("conflict", "This kept changing while it was being decided. Try again.");
}

function refusalError(reason: string): AppError {
  switch (reason) {
    case "counter_full":
      return new AppError("rate_limited", "That is too much at once. Try again in a minute.");
    case "login_code_used":
      return new AppError(
        "unauthenticated",
        "This login link was used or has expired. Make another with `agent-runtime login`.",
      );
    default:
      return new AppError("conflict", "This has changed in the meantime. Try again.");
  }
}
